package org.keras4j.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.backend.Backends;
import org.keras4j.callbacks.History;
import org.keras4j.graph.Tensor;
import org.keras4j.layers.Add;
import org.keras4j.layers.Call;
import org.keras4j.layers.Concatenate;
import org.keras4j.layers.Dense;
import org.keras4j.layers.Input;
import org.keras4j.layers.KerasTensor;
import org.keras4j.ops.K;
import org.keras4j.optimizers.Adam;
import org.keras4j.utils.RandomSeeds;

class FunctionalTest {
    @BeforeEach
    void start() {
        Backends.use("reference");
        RandomSeeds.setRandomSeed(11);
    }

    /** A shared layer, a residual, an operation, two inputs and two outputs. */
    private static Functional model() {
        KerasTensor a = new Input(4).name("a").tensor();
        KerasTensor b = new Input(4).name("b").tensor();
        var shared = new Dense(5).activation("tanh").name("shared");
        KerasTensor x = new Concatenate().apply(shared.apply(a), shared.apply(b));
        KerasTensor y = new Add().apply(x, new Dense(10).apply(x));
        KerasTensor scaled = y.multiply(0.5);
        return new Functional(
                List.of(a, b),
                List.of(
                        new Dense(1).name("value").apply(scaled),
                        new Dense(3).name("kind").activation("softmax").apply(y)));
    }

    private static float[][] data(int n, int seed) {
        var random = new Random(seed);
        var x = new float[n][4];
        for (float[] row : x) for (int i = 0; i < 4; i++) row[i] = (float) random.nextGaussian();
        return x;
    }

    @Test
    void operatorsOfSymbolicTensorsComputeAndAreSaved(@TempDir Path folder) {
        KerasTensor a = new Input(3).tensor();
        KerasTensor b = new Input(3).tensor();
        KerasTensor y =
                a.add(b).multiply(2).subtract(1).divide(b).floorDivide(0.5).mod(4);
        KerasTensor z = a.negative().abs().power(2).matmul(K.constant(new float[][] {{1}, {10}, {100}}));
        var model = new Functional(List.of(a, b), List.of(y, z));
        float[][] x1 = {{1, -2, 3}};
        float[][] x2 = {{4, 5, 0.5f}};
        // ((a + b) * 2 - 1) / b = 2.25, 1, 12; // 0.5 = 4, 2, 24; mod 4
        for (Functional m : List.of(model, saved(model, folder.resolve("m.keras")))) {
            List<NDArray> out = m.predictAll(List.of(x1, x2), o -> o.verbose(0));
            assertArrayEquals(new float[] {0, 2, 0}, out.get(0).floats());
            assertArrayEquals(new float[] {1 + 40 + 900}, out.get(1).floats());
        }
    }

    private static Functional saved(Functional model, Path file) {
        model.save(file);
        return (Functional) Models.loadModel(file);
    }

    @Test
    void trainsSeveralOutputsByNameAndKeepsTheirMetrics() {
        Functional model = model();
        model.compile(c -> c.optimizer("adam")
                .loss(Map.of("value", "mse", "kind", "sparse_categorical_crossentropy"))
                .lossWeights(Map.of("value", 0.5, "kind", 2.0))
                .metrics(Map.of("kind", "accuracy")));
        float[][] value = new float[20][1];
        int[] kind = new int[20];
        for (int i = 0; i < 20; i++) kind[i] = i % 3;
        History h = model.fit(
                Map.of("a", data(20, 1), "b", data(20, 2)),
                Map.of("value", value, "kind", kind),
                f -> f.verbose(0).epochs(2));
        assertEquals(
                List.of("kind_accuracy", "kind_loss", "loss", "value_loss"),
                List.copyOf(h.history().keySet()));
        double sum =
                0.5 * h.get("value_loss").getLast() + 2 * h.get("kind_loss").getLast();
        assertEquals(sum, h.get("loss").getLast(), 1e-5);
    }

    @Test
    void survivesAFileWithSharedLayersAndOperations(@TempDir Path dir) {
        Functional model = model();
        model.save(dir.resolve("m.keras"));
        Model loaded = Models.loadModel(dir.resolve("m.keras"));
        List<Object> x = List.of(data(6, 1), data(6, 2));
        List<NDArray> expected = model.predictAll(x, o -> {});
        List<NDArray> got = loaded.predictAll(x, o -> {});
        for (int i = 0; i < 2; i++)
            assertArrayEquals(expected.get(i).floats(), got.get(i).floats());
        assertEquals(model.toJson(), loaded.toJson());
    }

    @Test
    void nestsAndKeepsMapsOfOutputs() {
        Functional inner = model();
        KerasTensor a = new Input(4).tensor();
        Object both = inner.applyTo(Call.of(List.of(a, a)));
        Map<String, Object> outputs = new LinkedHashMap<>();
        outputs.put("first", ((List<?>) both).get(0));
        outputs.put("second", ((List<?>) both).get(1));
        var outer = new Functional(a, outputs);
        Map<String, NDArray> got = outer.predictMap(data(3, 5), o -> {});
        assertEquals(List.of("first", "second"), List.copyOf(got.keySet()));
        assertEquals(Shape.of(3, 3), got.get("second").shape());
        assertEquals(inner.countParams(), outer.countParams());
    }

    @Test
    void unconnectedInputsAndDoubleNamesAreRefused() {
        KerasTensor a = new Input(4).name("left").tensor();
        KerasTensor b = new Input(4).name("right").tensor();
        KerasTensor y = new Add().apply(a, b);
        var e = assertThrows(IllegalArgumentException.class, () -> new Functional(a, y));
        assertTrue(e.getMessage().contains("\"right\""), e.getMessage());
        KerasTensor z = new Dense(2).name("d").apply(new Dense(2).name("d").apply(a));
        assertThrows(IllegalArgumentException.class, () -> new Functional(a, z));
    }

    /** A model written by hand, with a loss of its own. */
    private static final class TwoLayers extends Model {
        private final Dense first = track("first", new Dense(8).activation("relu"));
        private final Dense second = track("second", new Dense(1));

        @Override
        protected Tensor call(Tensor x, Call call) {
            Tensor hidden = first.apply(x);
            addLoss(K.multiply(K.mean(K.square(hidden)), 0.01));
            return second.apply(hidden);
        }
    }

    @Test
    void aModelWrittenByHandTrainsAndSavesItsWeights(@TempDir Path dir) {
        var model = new TwoLayers();
        model.compile(c -> c.optimizer(new Adam(0.02)).loss("mse"));
        float[][] x = data(40, 3);
        var y = new float[40][1];
        for (int i = 0; i < 40; i++) y[i][0] = x[i][0] - x[i][1];
        History h = model.fit(x, y, f -> f.epochs(30).verbose(0));
        assertTrue(
                h.get("loss").getLast() < 0.6 * h.get("loss").getFirst(),
                h.get("loss").toString());
        model.saveWeights(dir.resolve("w.weights.h5"));
        var other = new TwoLayers();
        other.predict(x);
        other.loadWeights(dir.resolve("w.weights.h5"));
        assertArrayEquals(model.predict(x).floats(), other.predict(x).floats());
    }

    @Test
    void ellipsisInAnIndexSurvivesJson() {
        String json = """
                {"module": "keras", "class_name": "Functional", "config": {"name": "m", "layers": [
                {"module": "keras.layers", "class_name": "InputLayer", "name": "x", "inbound_nodes": [],
                 "config": {"batch_shape": [null, 2, 3], "dtype": "float32", "name": "x"}},
                {"module": "keras.src.ops.numpy", "class_name": "GetItem", "name": "part",
                 "config": {"name": "part"}, "inbound_nodes": [{"args": [
                  {"class_name": "__keras_tensor__",
                   "config": {"shape": [null, 2, 3], "dtype": "float32", "keras_history": ["x", 0, 0]}},
                  [{"class_name": "__ellipsis__", "config": {}}, null,
                   {"class_name": "__slice__", "config": {"start": 1, "stop": null, "step": null}}]], "kwargs": {}}]}],
                "input_layers": [["x", 0, 0]], "output_layers": [["part", 0, 0]]}}""";
        Model once = Models.modelFromJson(json);
        Model twice = Models.modelFromJson(once.toJson());
        NDArray y = twice.predict(new float[][][] {{{1, 2, 3}, {4, 5, 6}}});
        assertEquals(Shape.of(1, 2, 1, 2), y.shape());
        assertArrayEquals(new float[] {2, 3, 5, 6}, y.floats());
    }
}
