package org.keras4j.saving.tensorflow;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.keras4j.DType;
import org.keras4j.KerasFileException;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.models.Model;
import org.keras4j.models.Models;
import org.keras4j.saving.archive.Json;

/** Models whose layers are functions of TensorFlow, with what TensorFlow gives: {@code golden/functions}. */
class TensorFlowLayerTest {
    @TempDir
    Path folder;

    /** A model of tf.keras with its weights, inputs and outputs. */
    record Recorded(String name, Map<String, Object> row) {
        List<NDArray> arrays(String key) {
            List<NDArray> arrays = new ArrayList<>();
            for (Object o : (List<?>) row.get(key)) {
                Map<?, ?> stored = (Map<?, ?>) o;
                List<Integer> dims = ((List<?>) stored.get("shape"))
                        .stream().map(d -> ((Number) d).intValue()).toList();
                NDArray array = NDArray.zeros(DType.of((String) stored.get("dtype")), Shape.of(dims));
                List<?> values = (List<?>) stored.get("values");
                for (int i = 0; i < array.size(); i++) array.set(i, ((Number) values.get(i)).doubleValue());
                arrays.add(array);
            }
            return arrays;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Recorded> recorded() throws IOException {
        List<Recorded> all = new ArrayList<>();
        try (var in = TensorFlowLayerTest.class.getResourceAsStream("/golden/functions/functions.jsonl.gz");
                var lines =
                        new BufferedReader(new InputStreamReader(new GZIPInputStream(in), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Map<String, Object> row = Json.parseObject(line, "functions.jsonl", "");
                all.add(new Recorded((String) row.get("name"), row));
            }
        }
        assertEquals(28, all.size());
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("recorded")
    void givesWhatTensorFlowGivesAlsoAfterSavingForKeras3(Recorded recorded) {
        Model model = Models.modelFromJson((String) recorded.row.get("model"));
        model.setWeights(recorded.arrays("weights"));
        assertPredicts(recorded, model);
        Path file = folder.resolve("model.keras");
        model.save(file);
        assertTrue(!model.toJson().contains("TFOpLambda"), "functions of TensorFlow are no layers of Keras 3");
        assertPredicts(recorded, Models.loadModel(file));
    }

    private static void assertPredicts(Recorded recorded, Model model) {
        List<NDArray> inputs = recorded.arrays("inputs");
        List<NDArray> expected = recorded.arrays("outputs");
        List<NDArray> got = model.predictAll(inputs.size() == 1 ? inputs.getFirst() : inputs, o -> {});
        assertEquals(expected.size(), got.size());
        for (int i = 0; i < got.size(); i++) {
            assertEquals(expected.get(i).shape(), got.get(i).shape(), "output " + i);
            double largest = 0;
            for (double value : expected.get(i).doubles()) largest = Math.max(largest, Math.abs(value));
            assertArrayEquals(expected.get(i).doubles(), got.get(i).doubles(), 2e-5 * largest + 1e-5, "output " + i);
        }
    }

    private static String model(String... layers) {
        return "{\"class_name\": \"Functional\", \"keras_version\": \"2.6.0\", \"config\": {\"name\": \"m\", \"layers\": ["
                + "{\"class_name\": \"InputLayer\", \"name\": \"x\", \"config\": {\"name\": \"x\","
                + " \"batch_input_shape\": [null, 4]}, \"inbound_nodes\": []}, "
                + String.join(", ", layers)
                + "], \"input_layers\": [[\"x\", 0, 0]], \"output_layers\": [[\"f\", 0, 0]]}}";
    }

    private static String function(String name, String node) {
        return "{\"class_name\": \"TFOpLambda\", \"name\": \"f\", \"config\": {\"name\": \"f\", \"function\": \"" + name
                + "\"}, \"inbound_nodes\": [" + node + "]}";
    }

    @Test
    void allUnknownFunctionsAreNamedInOneMessage() {
        String text = model(
                function("signal.stft", "[\"x\", 0, 0, {}]").replace("\"f\"", "\"g\""),
                "{\"class_name\": \"ClassMethod\", \"name\": \"h\", \"config\": {\"name\": \"h\", \"cls_symbol\":"
                        + " \"RaggedTensor\", \"method_name\": \"from_tensor\"}, \"inbound_nodes\": []}",
                function("math.lgamma", "[\"g\", 0, 0, {}]"));
        var e = assertThrows(KerasFileException.class, () -> Models.modelFromJson(text));
        assertTrue(e.getMessage().contains("TFOpLambda \"g\": tf.signal.stft of TensorFlow"), e.getMessage());
        assertTrue(e.getMessage().contains("ClassMethod \"h\": tf.RaggedTensor from_tensor"), e.getMessage());
        assertTrue(e.getMessage().contains("TFOpLambda \"f\": tf.math.lgamma of TensorFlow"), e.getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "where;[\"x\", 0, 0, {}];expected x and y",
                "__operators__.eq;[\"x\", 0, 0, {}];the file does not hold it",
                "norm;[\"x\", 0, 0, {\"ord\": 3, \"axis\": 1}];ord: expected euclidean",
                "reshape;[\"x\", 0, 0, {\"shape\": \"all\"}];a shape: expected sizes, got all",
                "reduce_sum;[\"_CONSTANT_VALUE\", -1, 3, {}];its first argument: expected a tensor, got 3",
                "gather;[\"x\", 0, 0, {\"indices\": [0], \"batch_dims\": 1}];batch_dims: expected 0, got 1",
                "image.central_crop;[\"x\", 0, 0, {\"central_fraction\": 0.5}];\"f\" (tf.image.central_crop)"
            })
    void argumentsWithoutACounterpartAreRefusedByName(String function, String node, String message) {
        var e = assertThrows(KerasFileException.class, () -> Models.modelFromJson(model(function(function, node))));
        assertTrue(e.getMessage().contains("TFOpLambda \"f\" (tf." + function + ")"), e.getMessage());
        assertTrue(e.getMessage().contains(message), e.getMessage());
    }

    @Test
    void aShapeIsNoOutput() {
        var e = assertThrows(
                KerasFileException.class, () -> Models.modelFromJson(model(function("shape", "[\"x\", 0, 0, {}]"))));
        assertTrue(e.getMessage().contains("the shape that f gives"), e.getMessage());
    }
}
