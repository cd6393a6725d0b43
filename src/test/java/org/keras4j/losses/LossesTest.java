package org.keras4j.losses;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import org.junit.jupiter.api.Test;
import org.keras4j.Shape;
import org.keras4j.graph.Gradients;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;

/** Expectations were computed by Keras 3.15.1. */
class LossesTest {
    private static final Tensor ONE_HOT = K.constant(new float[][] {{0, 1, 0}, {0, 0, 1}});
    private static final Tensor CLASSES = K.constant(new int[] {1, 2});
    private static final Tensor SHARES = K.constant(new float[][] {{.1f, .7f, .2f}, {.3f, .3f, .4f}});
    private static final Tensor LOGITS = K.constant(new float[][] {{1, -2, .5f}, {3, 0, -1}});

    private static void assertLoss(double expected, Tensor loss) {
        assertEquals(expected, loss.item(), 2e-6);
    }

    @Test
    void crossentropies() {
        Tensor each = new CategoricalCrossentropy().reduction("none").call(ONE_HOT, SHARES);
        assertArrayEquals(new float[] {0.356675f, 0.916291f}, each.floats(), 2e-6f);
        assertLoss(3.61024, new CategoricalCrossentropy(true, 0.1).call(ONE_HOT, LOGITS));
        assertLoss(0.636483, new SparseCategoricalCrossentropy().call(CLASSES, SHARES));
        assertLoss(
                3.504597, new SparseCategoricalCrossentropy(true).ignoreClass(2).call(CLASSES, LOGITS));
        assertLoss(0.385803, new BinaryCrossentropy().call(ONE_HOT, SHARES));
        assertLoss(1.578211, new BinaryCrossentropy(true).call(ONE_HOT, LOGITS));
        assertLoss(0.072691, new BinaryFocalCrossentropy().call(ONE_HOT, SHARES));
    }

    @Test
    void distances() {
        Tensor weights = K.constant(new float[] {1, 3});
        assertLoss(0.293333, new MeanSquaredError().call(ONE_HOT, SHARES, weights));
        assertLoss(
                0.146667,
                new MeanSquaredError().reduction("mean_with_sample_weight").call(ONE_HOT, SHARES, weights));
        assertLoss(0.040833, new Huber(0.2).call(ONE_HOT, SHARES));
        assertLoss(0.05467, new LogCosh().call(ONE_HOT, SHARES));
        assertLoss(2.25, new Hinge().call(ONE_HOT, LOGITS));
        assertLoss(0.63648, new KLDivergence().call(ONE_HOT, SHARES));
        assertLoss(0.545494, new Poisson().call(ONE_HOT, SHARES));
        assertLoss(-0.819287, new CosineSimilarity().call(ONE_HOT, SHARES));
    }

    @Test
    void ctcSumsOverAlignments() {
        var logits = new float[2][4][3];
        for (int i = 0; i < 24; i++) logits[i / 12][i / 3 % 4][i % 3] = (float) Math.sin(i);
        Tensor loss =
                new CTC().reduction("none").call(K.constant(new int[][] {{1, 2, 0}, {2, 2, 0}}), K.constant(logits));
        assertArrayEquals(new float[] {1.634613f, 1.819214f}, loss.floats(), 1e-5f);
    }

    @Test
    void gradientOfSparseCrossentropyIsSoftmaxMinusLabel() {
        Tensor loss = new SparseCategoricalCrossentropy(true).call(CLASSES, LOGITS);
        Tensor expected = K.divide(K.subtract(K.softmax(LOGITS), ONE_HOT), 2);
        Tensor gradient = Gradients.of(loss, List.of(LOGITS)).getFirst();
        assertArrayEquals(expected.floats(), gradient.floats(), 1e-6f);
    }

    @Test
    void extremeLogitsStayFinite() {
        Tensor huge = K.constant(new float[][] {{1000, -1000}, {-1000, 1000}});
        Tensor wrong = K.constant(new float[][] {{0, 1}, {1, 0}});
        assertLoss(1000, new BinaryCrossentropy(true).call(wrong, huge));
        assertLoss(2000, new CategoricalCrossentropy(true).call(wrong, huge));
        Tensor gradient = Gradients.of(new BinaryCrossentropy(true).call(wrong, huge), List.of(huge))
                .getFirst();
        assertArrayEquals(new float[] {.25f, -.25f, -.25f, .25f}, gradient.floats(), 1e-6f);
    }

    @Test
    void aMaskTakesElementsOut() {
        Tensor masked = Tensor.of(SHARES.value()).mask(K.constant(new boolean[] {true, false}));
        assertLoss(0.356675, new SparseCategoricalCrossentropy().call(CLASSES, masked));
        Tensor nothing = Tensor.of(SHARES.value()).mask(K.constant(new boolean[] {false, false}));
        assertLoss(0, new SparseCategoricalCrossentropy().call(CLASSES, nothing));
    }

    @Test
    void isFoundByNameFunctionOrConfig() {
        assertInstanceOf(MeanSquaredError.class, Losses.get("mse"));
        assertInstanceOf(KLDivergence.class, Losses.get("kl_divergence"));
        assertInstanceOf(BinaryCrossentropy.class, Losses.get(Map.of("class_name", "BinaryCrossentropy")));
        assertInstanceOf(
                MeanAbsoluteError.class,
                Losses.get(Map.of("class_name", "function", "config", "mean_absolute_error", "module", "builtins")));
        BinaryOperator<Tensor> own = (t, p) -> K.mean(K.abs(K.subtract(t, p)), -1);
        assertLoss(
                new MeanAbsoluteError().call(ONE_HOT, SHARES).item(),
                Losses.get(own).call(ONE_HOT, SHARES));
        var error = assertThrows(IllegalArgumentException.class, () -> Losses.get("mean_square"));
        assertTrue(error.getMessage().startsWith("Unknown loss \"mean_square\"; known: "), error.getMessage());
    }

    @Test
    void crossentropyGoesByTheShapes() {
        Shape scores = Shape.of(8, 3);
        assertInstanceOf(SparseCategoricalCrossentropy.class, Losses.get("crossentropy", Shape.of(8), scores));
        assertInstanceOf(SparseCategoricalCrossentropy.class, Losses.get("ce", Shape.of(8, 1), scores));
        assertInstanceOf(CategoricalCrossentropy.class, Losses.get("ce", scores, scores));
        assertInstanceOf(BinaryCrossentropy.class, Losses.get("ce", Shape.of(8), Shape.of(8, 1)));
        assertInstanceOf(MeanSquaredError.class, Losses.get("mse", scores, scores));
    }

    @Test
    void saysWhichShapesItExpects() {
        var error =
                assertThrows(IllegalArgumentException.class, () -> new CategoricalCrossentropy().call(CLASSES, SHARES));
        assertEquals(
                "CategoricalCrossentropy \"categorical_crossentropy\": expected the same shapes,"
                        + " got y_true of shape (2,) and y_pred of shape (2, 3)",
                error.getMessage());
        assertThrows(IllegalArgumentException.class, () -> new SparseCategoricalCrossentropy().call(ONE_HOT, SHARES));
        assertThrows(IllegalArgumentException.class, () -> new MeanSquaredError().reduction("average"));
    }
}
