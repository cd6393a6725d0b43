package org.keras4j.saving.savedmodel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.keras4j.DType;
import org.keras4j.KerasFileException;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.layers.BatchNormalization;
import org.keras4j.layers.Bidirectional;
import org.keras4j.layers.Dense;
import org.keras4j.layers.GRU;
import org.keras4j.layers.Input;
import org.keras4j.layers.KerasTensor;
import org.keras4j.layers.LSTM;
import org.keras4j.layers.LayerNormalization;
import org.keras4j.layers.MultiHeadAttention;
import org.keras4j.layers.Normalization;
import org.keras4j.layers.TimeDistributed;
import org.keras4j.models.Functional;
import org.keras4j.models.Model;
import org.keras4j.models.Models;
import org.keras4j.models.Sequential;
import org.keras4j.saving.archive.Json;

/**
 * Directories that TensorFlow's Keras wrote, with its predictions: {@code golden/savedmodel}. Their graphs of
 * operations are left out; {@code sequential} has the metadata where it was before TensorFlow 2.5.
 */
class SavedModelTest {
    @TempDir
    Path folder;

    @BeforeEach
    void unpack() throws IOException {
        try (var zip = new ZipInputStream(Objects.requireNonNull(
                SavedModelTest.class.getResourceAsStream("/golden/savedmodel/savedmodel.zip")))) {
            for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path file = folder.resolve(entry.getName());
                Files.createDirectories(file.getParent());
                Files.write(file, zip.readAllBytes());
            }
        }
    }

    private void assertPredicts(String name, Model model) throws IOException {
        Map<String, Object> row = Json.parseObject(Files.readString(folder.resolve(name + ".json")), name, "");
        List<NDArray> inputs = arrays(row.get("inputs"));
        List<NDArray> expected = arrays(row.get("outputs"));
        List<NDArray> got = model.predictAll(inputs.size() == 1 ? inputs.getFirst() : inputs, o -> {});
        assertEquals(expected.size(), got.size());
        for (int i = 0; i < got.size(); i++) {
            assertEquals(expected.get(i).shape(), got.get(i).shape());
            assertArrayEquals(expected.get(i).doubles(), got.get(i).doubles(), 1e-5, "output " + i);
        }
    }

    private static List<NDArray> arrays(Object rows) {
        List<NDArray> arrays = new ArrayList<>();
        for (Object o : (List<?>) rows) {
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

    @ParameterizedTest
    @ValueSource(strings = {"sequential", "functional"})
    void predictsWhatTensorFlowPredicts(String name) throws IOException {
        Model model = Models.loadModel(folder.resolve(name));
        assertTrue(model.isCompiled());
        assertPredicts(name, model);
        Path file = folder.resolve("model.keras");
        model.save(file);
        assertPredicts(name, Models.loadModel(file));
    }

    @Test
    void isLeftUncompiledIfWanted() {
        assertFalse(Models.loadModel(folder.resolve("sequential"), o -> o.compile(false))
                .isCompiled());
    }

    /** By prefix, by index, by the folder whose file names the latest, and from a SavedModel. */
    @ParameterizedTest
    @ValueSource(strings = {"checkpoint/weights", "checkpoint/weights.index", "checkpoint", "functional"})
    void loadsWeightsIntoAModel(String checkpoint) throws IOException {
        Model model = Models.modelFromJson(Files.readString(folder.resolve("checkpoint.json")));
        model.loadWeights(folder.resolve(checkpoint));
        assertPredicts("functional", model);
    }

    /**
     * TensorFlow wrote this checkpoint from plain objects that have the attributes of Keras 2's layers; each variable
     * is filled with its number, in the order of the weights in Keras.
     */
    @Test
    void attributesOfKeras2AreFound() {
        KerasTensor input = new Input(5, 3).tensor();
        KerasTensor x = new Normalization().apply(input);
        x = new Bidirectional(new LSTM(2).returnSequences(true)).apply(x);
        x = new GRU(2).returnSequences(true).apply(x);
        x = new TimeDistributed(new Dense(4)).apply(x);
        x = new BatchNormalization().apply(x);
        x = new LayerNormalization().apply(x);
        var model = new Functional(input, new MultiHeadAttention(2, 3).apply(x, x));
        model.loadWeights(folder.resolve("names/ckpt"));
        List<NDArray> weights = model.getWeights();
        assertEquals(28, weights.size());
        for (int i = 0; i < weights.size(); i++)
            for (double value : weights.get(i).doubles()) assertEquals(i + 1, value, "weight " + i);
    }

    @Test
    void aModelThatDoesNotFitIsLeftAsItIs() {
        var model = new Sequential(new Dense(3).name("a"), new Dense(4).name("b"));
        model.predict(NDArray.zeros(DType.FLOAT32, Shape.of(1, 2)));
        NDArray before = model.getWeights().getFirst();
        var e = assertThrows(KerasFileException.class, () -> model.loadWeights(folder.resolve("checkpoint/weights")));
        assertTrue(e.getMessage().contains("has 2 layers with weights [a, b], the file 10"), e.getMessage());
        assertArrayEquals(before.doubles(), model.getWeights().getFirst().doubles());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "subclassed: root: holds the model \"mine\" of class Mine, whose layers are put together by Python code",
                "odd: root: holds layers that were saved without a config: Odd \"odd\"",
                "plain: is a SavedModel of TensorFlow that Keras 2 did not save as a model",
                "checkpoint/weights: is a checkpoint of TensorFlow, which holds no model"
            })
    void saysWhatIsNotRead(String expected) {
        String name = expected.substring(0, expected.indexOf(':'));
        var e = assertThrows(KerasFileException.class, () -> Models.loadModel(folder.resolve(name)));
        assertTrue(e.getMessage().contains(expected.substring(expected.indexOf(": ") + 2)), e.getMessage());
    }

    /** Every file of a model, with any of its bytes changed or cut off there, gives a model or one clear report. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "sequential/saved_model.pb",
                "functional/keras_metadata.pb",
                "sequential/variables/variables.index",
                "sequential/variables/variables.data-00000-of-00001"
            })
    void damageIsReported(String name) throws IOException {
        Path file = folder.resolve(name);
        Path model = folder.resolve(name.substring(0, name.indexOf('/')));
        byte[] bytes = Files.readAllBytes(file);
        int step = Math.max(1, bytes.length / 25);
        int reports = 0;
        for (int at = 0; at < bytes.length; at += step) {
            byte[] changed = bytes.clone();
            changed[at] ^= (byte) 0x95;
            reports += isReported(model, file, changed);
            reports += isReported(model, file, Arrays.copyOf(bytes, at));
        }
        // what no checksum guards may be another name, or of no interest
        assertTrue(reports >= 15, reports + " reports");
    }

    private static int isReported(Path model, Path file, byte[] bytes) throws IOException {
        Files.write(file, bytes);
        try {
            Models.loadModel(model, o -> o.compile(false));
            return 0;
        } catch (KerasFileException e) {
            assertTrue(e.getMessage().contains(model.getFileName().toString()), e.getMessage());
            return 1;
        }
    }
}
