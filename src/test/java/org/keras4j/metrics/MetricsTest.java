package org.keras4j.metrics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.graph.Function;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Trace;
import org.keras4j.losses.LogCosh;
import org.keras4j.ops.K;

/** Expectations were computed by Keras 3.15.1. */
class MetricsTest {
    private static final Tensor LABELS = K.constant(new float[] {0, 0, 1, 1});

    private static double result(Metric metric, Tensor yTrue, Tensor yPred) {
        metric.updateState(yTrue, yPred);
        return metric.result().item();
    }

    @Test
    void areaUnderTheCurveGrowsBatchByBatch() {
        var auc = new AUC(5);
        assertEquals(0.875, result(auc, LABELS, K.constant(new float[] {0, .5f, .3f, .9f})), 1e-6);
        auc.updateState(
                K.constant(new float[] {1, 0}), K.constant(new float[] {.2f, .1f}), K.constant(new float[] {2, 1}));
        assertEquals(0.625, auc.result().item(), 1e-6);
        auc.resetState();
        assertEquals(0.875, result(auc, LABELS, K.constant(new float[] {0, .5f, .3f, .9f})), 1e-6);
    }

    @Test
    void ratesAndScores() {
        Tensor scores = K.constant(new float[] {0, .6f, .3f, .9f});
        var precision = new Precision(.25, .5);
        precision.updateState(LABELS, scores);
        assertArrayEquals(new float[] {2f / 3, .5f}, precision.result().floats(), 1e-6f);
        var one = new Recall().threshold(.5);
        assertEquals(.5, result(one, LABELS, scores), 1e-6);
        Tensor labels = K.constant(new float[][] {{1, 1, 1}, {1, 0, 0}, {1, 1, 0}});
        Tensor said = K.constant(new float[][] {{.2f, .6f, .7f}, {.2f, .6f, .6f}, {.6f, .8f, 0}});
        assertEquals(0.655555, result(new F1Score("macro").threshold(.5), labels, said), 2e-6);
        var best = new RecallAtPrecision(.6).numThresholds(5);
        Tensor five = K.constant(new float[] {0, 0, 1, 1, 1});
        assertEquals(1, result(best, five, K.constant(new float[] {0, .5f, .3f, .9f, .4f})), 1e-6);
    }

    @Test
    void overlapsVarianceAndAccuracies() {
        var iou = new MeanIoU(2);
        iou.updateState(
                K.constant(new int[] {0, 0, 1, 1}), K.constant(new int[] {0, 1, 0, 1}), K.constant(new int[] {3, 3, 3, 1
                }));
        assertEquals(0.238095, iou.result().item(), 1e-6);
        Tensor t = K.constant(new float[][] {{1}, {4}, {3}});
        assertEquals(0.571429, result(new R2Score(), t, K.constant(new float[][] {{2}, {4}, {4}})), 1e-6);
        Tensor scores = K.constant(new float[][] {{.1f, .7f, .2f}, {.3f, .35f, .25f}});
        Tensor classes = K.constant(new int[] {1, 2});
        assertEquals(0.5, result(new SparseTopKCategoricalAccuracy(2), classes, scores), 1e-6);
        assertEquals(0.5, result(new SparseCategoricalAccuracy(), classes, scores), 1e-6);
    }

    @Test
    void meanTakesValuesAndWeights() {
        var mean = new Mean();
        assertEquals(0, mean.result().item());
        mean.updateState(K.constant(new float[] {1, 3}));
        mean.updateState(K.constant(new float[] {5}), K.constant(new float[] {2}));
        assertEquals(14.0 / 4, mean.result().item(), 1e-6);
        assertEquals(
                List.of("total", "count"),
                mean.variables().stream().map(v -> v.name()).toList());
        assertEquals("mean/total", mean.variables().getFirst().path());
        assertThrows(UnsupportedOperationException.class, () -> new Mean().updateState(LABELS, LABELS, null));
    }

    @Test
    void isPartOfTheGraphThatIsTraced() {
        var accuracy = new BinaryAccuracy();
        Tensor yTrue = Primitives.input("y_true", DType.FLOAT32, Shape.of(2));
        Tensor yPred = Primitives.input("y_pred", DType.FLOAT32, Shape.of(2));
        Function step;
        try (Trace trace = Trace.open()) {
            accuracy.updateState(yTrue, yPred);
            step = Function.of(List.of(yTrue, yPred), List.of(accuracy.result()), trace.updates());
        }
        assertEquals(0, accuracy.result().item(), "nothing is counted while tracing");
        NDArray labels = NDArray.of(new float[] {0, 1});
        assertEquals(
                .5,
                step.run(List.of(labels, NDArray.of(new float[] {.9f, .8f})))
                        .getFirst()
                        .item());
        assertEquals(
                .75,
                step.run(List.of(labels, NDArray.of(new float[] {.1f, .8f})))
                        .getFirst()
                        .item());
        assertEquals(.75, accuracy.result().item());
    }

    @Test
    void aMaskOfThePredictionsTakesElementsOut() {
        Tensor said =
                K.constant(new float[] {.1f, .9f, .9f, .9f}).mask(K.constant(new boolean[] {true, false, true, true}));
        assertEquals(1, result(new BinaryAccuracy(), LABELS, said), 1e-6);
    }

    @Test
    void accuracyGoesByTheShapesAndKeepsItsName() {
        Shape scores = Shape.of(8, 3);
        assertInstanceOf(SparseCategoricalAccuracy.class, Metrics.get("accuracy", Shape.of(8), scores));
        assertInstanceOf(CategoricalAccuracy.class, Metrics.get("acc", scores, scores));
        assertInstanceOf(BinaryAccuracy.class, Metrics.get("accuracy", Shape.of(8, 1), Shape.of(8, 1)));
        assertEquals("acc", Metrics.get("acc", scores, scores).name());
        assertEquals("mse", Metrics.get("mse", scores, scores).name());
    }

    @Test
    void isFoundByNameLossOrConfig() {
        assertInstanceOf(MeanAbsoluteError.class, Metrics.get("MAE"));
        Metric wrapped = Metrics.get(Map.of(
                "class_name",
                "MeanMetricWrapper",
                "config",
                Map.of("name", "acc", "dtype", "float32", "fn", "categorical_accuracy")));
        assertInstanceOf(CategoricalAccuracy.class, wrapped);
        assertEquals("acc", wrapped.name());
        assertInstanceOf(BinaryCrossentropy.class, Metrics.get(Map.of("class_name", "BinaryCrossentropy")));
        Metric loss = Metrics.get(new LogCosh());
        assertEquals(
                new LogCosh().call(LABELS, K.zerosLike(LABELS)).item(),
                result(loss, LABELS, K.zerosLike(LABELS)),
                1e-6);
        var error = assertThrows(IllegalArgumentException.class, () -> Metrics.get("acuracy"));
        assertTrue(
                error.getMessage()
                        .startsWith("Unknown metric \"acuracy\" (did you mean \"accuracy\" or \"Accuracy\"?); known: "),
                error.getMessage());
    }

    @Test
    void saysWhatItExpects() {
        var error = assertThrows(IllegalArgumentException.class, () -> new F1Score().updateState(LABELS, LABELS));
        assertEquals(
                "F1Score \"f1_score\": expected y_true and y_pred of one shape (samples, classes), got (4,) and (4,)",
                error.getMessage());
        assertThrows(IllegalArgumentException.class, () -> new AUC(1));
        assertThrows(IllegalArgumentException.class, () -> new AUC().curve("RPC"));
        assertThrows(IllegalArgumentException.class, () -> new IoU(2, 2));
        assertThrows(IllegalArgumentException.class, () -> new Precision(1.5).updateState(LABELS, LABELS));
        assertThrows(IllegalArgumentException.class, () -> new PrecisionAtRecall(2));
    }
}
