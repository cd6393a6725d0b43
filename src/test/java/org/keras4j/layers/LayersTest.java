package org.keras4j.layers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;
import org.keras4j.saving.Saving;

/** What layers do that no recorded case shows: messages, unknown sizes, state, options. */
class LayersTest {
    private static KerasTensor symbolic(int... sizes) {
        return new KerasTensor(Shape.of(sizes), DType.FLOAT32, "x");
    }

    private static String refusal(Runnable action) {
        return assertThrows(IllegalArgumentException.class, action::run).getMessage();
    }

    private static Tensor zeros(int... sizes) {
        return K.zeros(Shape.of(sizes), DType.FLOAT32);
    }

    @Test
    void messagesNameLayerExpectationAndInput() {
        var head = new Dense(10).name("head");
        head.apply(zeros(2, 784));
        assertEquals(
                "Dense \"head\": expected input with last axis 784, got shape (32, 28, 28)",
                refusal(() -> head.apply(zeros(32, 28, 28))));
        assertEquals(
                "Dense \"d\": expected input with at least 2 axes, got shape (3,)",
                refusal(() -> new Dense(1).name("d").apply(zeros(3))));
        assertEquals(
                "Dense \"d\": expected input with a known size of axis -1, got shape (None, None)",
                refusal(() -> new Dense(1).name("d").apply(symbolic(-1, -1))));
        assertEquals("Dense: units must be positive, got -3", refusal(() -> new Dense(-3)));
        assertTrue(refusal(() -> new Conv2D(4, 3).name("c").apply(zeros(2, 5, 2, 1)))
                .startsWith("Conv2D \"c\": "));
        assertEquals(
                "Add \"a\": expected inputs whose shapes broadcast, got [shape (2, 3), shape (2, 4)]",
                refusal(() -> new Add().name("a").apply(zeros(2, 3), zeros(2, 4))));
        assertEquals(
                "Reshape \"r\": expected input that reshapes to (4,) per sample, got shape (2, 3)",
                refusal(() -> new Reshape(4).name("r").apply(zeros(2, 3))));
        assertEquals(
                "Embedding \"e\": expected indices from 0 to 4, got 5",
                refusal(() -> new Embedding(5, 2).name("e").apply(Tensor.of(NDArray.of(Shape.of(2), 1, 5)))));
        assertEquals(
                "Conv1D: padding must be \"valid\", \"same\" or \"causal\", got \"full\"",
                refusal(() -> new Conv1D(1, 2).padding("full")));
    }

    @Test
    void innermostLayerIsNamedOnce() {
        var wrapper = new SpectralNormalization(new Dense(2).name("inner")).name("outer");
        wrapper.apply(zeros(1, 3));
        String message = refusal(() -> wrapper.wrapped().apply(zeros(1, 4)));
        assertEquals("Dense \"inner\": expected input with last axis 3, got shape (1, 4)", message);
        assertTrue(refusal(() -> wrapper.apply(zeros(1, 4))).startsWith("SpectralNormalization \"outer\": expected"));
    }

    @Test
    void optionsAreFixedOnceBuilt() {
        var dense = new Dense(2);
        dense.apply(zeros(1, 3));
        assertThrows(IllegalStateException.class, () -> dense.useBias(false));
    }

    @Test
    void unknownSizesPassThrough() {
        assertEquals(
                Shape.of(-1, -1, 8), new Dense(8).apply(symbolic(-1, -1, 3)).shape());
        assertEquals(
                Shape.of(-1, -1, -1, 4),
                new Conv2D(4, 3).strides(2).apply(symbolic(-1, -1, -1, 3)).shape());
        assertEquals(
                Shape.of(-1, 14, 14, 4),
                new Conv2D(4, 3)
                        .strides(2)
                        .padding("same")
                        .apply(symbolic(-1, 28, 28, 3))
                        .shape());
        assertEquals(Shape.of(-1, 6), new Flatten().apply(symbolic(-1, 2, 3)).shape());
        assertEquals(
                Shape.of(-1, -1, 3),
                new Reshape(-1, 3).apply(symbolic(-1, -1, 6)).shape());
        assertEquals(
                Shape.of(-1, 3),
                new Add().apply(symbolic(-1, 3), symbolic(-1, 1)).shape());
        assertEquals(
                Shape.of(4, -1, 5),
                new Concatenate().apply(symbolic(4, -1, 3), symbolic(4, 7, 2)).shape());
        assertEquals(
                Shape.of(-1, 3, 4),
                new Dot(2).apply(symbolic(-1, 3, 5), symbolic(-1, 4, 5)).shape());
        assertEquals(
                Shape.of(-1, -1, 4, 2),
                new EinsumDense("abc,cde->abde", -1, 4, 2)
                        .apply(symbolic(-1, -1, 3))
                        .shape());
        assertEquals(
                Shape.of(-1, -1, 16),
                new Embedding(9, 16)
                        .apply(new KerasTensor(Shape.of(-1, -1), DType.INT32, "x"))
                        .shape());
    }

    @Test
    void batchNormalizationMovesItsAverages() {
        var layer = new BatchNormalization().momentum(0.5);
        Tensor x = Tensor.of(NDArray.of(Shape.of(2, 1), 1f, 3f));
        Tensor y = (Tensor) layer.applyTo(Call.of(x).with("training", true));
        assertArrayEquals(new float[] {-0.9995f, 0.9995f}, y.floats(), 1e-4f);
        assertArrayEquals(new float[] {1}, layer.weights().get(2).numpy().floats(), 1e-6f);
        assertArrayEquals(new float[] {1}, layer.weights().get(3).numpy().floats(), 1e-6f);
        layer.trainable(false);
        layer.applyTo(Call.of(x).with("training", true));
        assertArrayEquals(new float[] {1}, layer.weights().get(2).numpy().floats(), 1e-6f, "a frozen layer keeps them");
    }

    @Test
    void dropoutDrawsAnewInTrainingOnly() {
        var layer = new Dropout(0.5).seed(7);
        Tensor x = K.ones(Shape.of(1000), DType.FLOAT32);
        assertArrayEquals(x.floats(), layer.apply(x).floats());
        float[] first = ((Tensor) layer.applyTo(Call.of(x).with("training", true))).floats();
        float[] second = ((Tensor) layer.applyTo(Call.of(x).with("training", true))).floats();
        int kept = 0;
        boolean differ = false;
        for (int i = 0; i < first.length; i++) {
            assertTrue(first[i] == 0 || first[i] == 2);
            if (first[i] != 0) kept++;
            differ |= first[i] != second[i];
        }
        assertTrue(kept > 420 && kept < 580, "kept " + kept);
        assertTrue(differ, "two calls draw differently");
        float[] again = ((Tensor) new Dropout(0.5).seed(7).applyTo(Call.of(x).with("training", true))).floats();
        assertArrayEquals(first, again, "the seed repeats");
    }

    @Test
    void masksTravel() {
        Tensor index = Tensor.of(NDArray.of(Shape.of(1, 3), 1, 2, 0));
        Tensor embedded = new Embedding(4, 2).maskZero(true).apply(index);
        assertArrayEquals(new int[] {1, 1, 0}, embedded.mask().ints());
        Tensor activated = new Dense(3).apply(embedded);
        assertArrayEquals(new int[] {1, 1, 0}, activated.mask().ints());
        assertNull(new Flatten().apply(activated).mask());
        assertNull(new GlobalAveragePooling1D().apply(activated).mask());
    }

    @Test
    void mixedPrecisionComputesInHalfAndKeepsFloat32() {
        var layer = new Dense(2).dtype("mixed_bfloat16");
        assertEquals(DType.BFLOAT16, layer.apply(zeros(1, 3)).dtype());
        assertEquals(DType.FLOAT32, layer.weights().getFirst().dtype());
    }

    @Test
    void lambdaIsSavedByName() {
        Lambda.register("LayersTest.twice", x -> K.multiply(x, 2));
        var layer = new Lambda("LayersTest.twice");
        assertEquals(
                List.of("name", "trainable", "dtype", "function", "arguments"),
                List.copyOf(layer.getConfig().keySet()));
        assertArrayEquals(
                new float[] {2}, layer.apply(K.ones(Shape.of(1), DType.FLOAT32)).floats());
        assertThrows(IllegalStateException.class, () -> new Lambda(K::relu).getConfig());
    }

    @Test
    void aLayerCanBeTheActivationOfAnother() {
        var dense = new Dense(2).useBias(false).kernelInitializer("ones").activation(new LeakyReLU(0.5));
        assertEquals(-1.5, dense.apply(K.constant(new float[][] {{-1, -2}})).floats()[0]);
        var conv = new Conv1D(3, 1).activation(new PReLU());
        conv.apply(K.ones(Shape.of(1, 4, 2), DType.FLOAT32));
        assertEquals(3, conv.weights().size(), "kernel, bias and alpha");
        var config = (Map<?, ?>) Saving.serializeKerasObject(dense);
        var read = (Dense) Saving.deserializeKerasObject(config);
        assertEquals(-1.5, read.apply(K.constant(new float[][] {{-1, -2}})).floats()[0]);
    }
}
