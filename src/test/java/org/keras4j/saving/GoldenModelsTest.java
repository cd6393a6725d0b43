package org.keras4j.saving;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.keras4j.KerasFileException;
import org.keras4j.NDArray;
import org.keras4j.layers.Dense;
import org.keras4j.layers.Input;
import org.keras4j.models.Model;
import org.keras4j.models.Models;
import org.keras4j.models.Sequential;
import org.keras4j.saving.hdf5.Hdf5Dataset;
import org.keras4j.saving.hdf5.Hdf5File;
import org.keras4j.saving.hdf5.Hdf5Group;
import org.keras4j.utils.Npy;

/** Models that Keras saved, see {@code golden/models/README.md}. */
class GoldenModelsTest {
    @TempDir
    Path directory;

    private static Path golden(String name) {
        try {
            return Path.of(
                    GoldenModelsTest.class.getResource("/golden/models/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private static List<NDArray> arrays(String prefix) throws IOException {
        List<NDArray> arrays = new ArrayList<>();
        for (int i = 0; GoldenModelsTest.class.getResource("/golden/models/" + prefix + i + ".npy") != null; i++)
            arrays.add(Npy.read(golden(prefix + i + ".npy")));
        return arrays;
    }

    private static void assertPredicts(String id, Model model, double tolerance) throws IOException {
        List<NDArray> inputs = arrays(id + ".input_");
        List<NDArray> expected = arrays(id + ".output_");
        List<NDArray> got = model.predictAll(inputs.size() == 1 ? inputs.getFirst() : inputs, o -> {});
        assertEquals(expected.size(), got.size());
        for (int i = 0; i < got.size(); i++)
            assertArrayEquals(expected.get(i).doubles(), got.get(i).doubles(), tolerance, "output " + i);
    }

    @ParameterizedTest
    @ValueSource(strings = {"int8", "int4"})
    void quantizedModelsPredictWhatKerasPredictsAlsoAfterSavingAgain(String id) throws IOException {
        Model model = Models.loadModel(golden(id + ".keras"));
        assertPredicts(id, model, 1e-6);
        Path again = directory.resolve(id + ".keras");
        model.save(again);
        assertPredicts(id, Models.loadModel(again), 1e-6);
    }

    @Test
    void weightsQuantizedLaterLieElsewhereInOldFiles() throws IOException {
        Model model = Models.loadModel(golden("float8.h5"));
        assertPredicts("float8", model, 1e-6);
        Path again = directory.resolve("float8.h5");
        model.save(again);
        assertPredicts("float8", Models.loadModel(again), 1e-6);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"trained.keras", "trained.h5", "nested.keras", "nested.h5", "recurrent.keras", "recurrent.h5"})
    void predictsWhatKerasPredictsAlsoAfterSavingAgain(String file) throws IOException {
        String id = file.substring(0, file.indexOf('.'));
        Model model = Models.loadModel(golden(file));
        assertPredicts(id, model, 1e-5);
        for (String ending : List.of(".keras", ".h5")) {
            Path again = directory.resolve(id + ending);
            model.save(again);
            Model back = Models.loadModel(again);
            assertEquals(model.getWeights(), back.getWeights());
            assertPredicts(id, back, 1e-5);
        }
    }

    @Test
    void bfloat16() throws IOException {
        assertPredicts("bfloat16", Models.loadModel(golden("bfloat16.keras")), 3e-2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"trained", "nested", "recurrent", "bfloat16"})
    void writesTheGroupsAndDatasetsThatKerasWrites(String id) throws IOException {
        Path again = directory.resolve("again.keras");
        Models.loadModel(golden(id + ".keras")).save(again);
        assertEquals(weights(golden(id + ".keras")), weights(again));
    }

    /** Returns every group and dataset with its name, type, shape and values. */
    private static Map<String, String> weights(Path model) throws IOException {
        Map<String, String> found = new TreeMap<>();
        try (var zip = new ZipFile(model.toFile());
                InputStream in = zip.getInputStream(zip.getEntry("model.weights.h5"));
                Hdf5File file = Hdf5File.open(in.readAllBytes(), "weights")) {
            collect(file.root(), found);
        }
        return found;
    }

    private static void collect(Hdf5Group group, Map<String, String> found) {
        found.put(group.path(), String.valueOf(group.attributes().string("name")));
        for (Hdf5Dataset dataset : group.datasets())
            found.put(
                    dataset.path(),
                    dataset.read() + " " + Arrays.toString(dataset.read().doubles()));
        for (Hdf5Group below : group.groups()) collect(below, found);
    }

    @ParameterizedTest
    @ValueSource(strings = {"trained.keras", "trained.h5"})
    void theOptimizerGoesOnWhereItWas(String file) {
        Model model = Models.loadModel(golden(file));
        assertTrue(model.isCompiled());
        // two epochs of two batches
        assertEquals(4, model.optimizer().iterations().value().item());
        assertTrue(model.optimizer().variables().get(3).numpy().get(0) > 0, "second moment of the first kernel");
        assertTrue(!Models.loadModel(golden(file), o -> o.compile(false)).isCompiled());
    }

    @ParameterizedTest
    @ValueSource(strings = {"trained.weights.h5", "trained_sharded.weights.json", "trained.keras", "trained.h5"})
    void weightsAloneAreReadFromEveryKindOfFile(String file) throws IOException {
        Model model =
                Models.modelFromJson(Models.loadModel(golden("trained.keras")).toJson());
        model.loadWeights(golden(file));
        assertPredicts("trained", model, 1e-5);
    }

    @Test
    void lowRankCorrectionsAreStoredAsPartOfTheKernel() {
        var model = new Sequential(new Input(3), new Dense(4).loraRank(2).name("head"));
        model.weights().forEach(w -> w.assign(NDArray.full(w.dtype(), w.shape(), 0.5)));
        NDArray x = NDArray.of(new float[][] {{1, 2, 3}});
        NDArray before = model.predict(x);
        Path path = directory.resolve("x.weights.h5");
        model.saveWeights(path);
        try (Hdf5File file = Hdf5File.open(path)) {
            assertEquals(
                    List.of("0", "1"), file.root().group("layers/dense/vars").names());
            // 0.5 + 2 * 0.5 * 0.5
            assertEquals(1f, file.root().dataset("layers/dense/vars/0").read().floats()[0]);
        }
        model.loadWeights(path);
        assertArrayEquals(before.doubles(), model.predict(x).doubles(), 1e-6);
    }

    @ParameterizedTest
    @ValueSource(strings = {"trained.keras", "nested.h5", "recurrent.keras"})
    void damagedFilesEndInOneException(String file) throws IOException {
        byte[] whole = Files.readAllBytes(golden(file));
        Path path = directory.resolve("damaged" + file.substring(file.indexOf('.')));
        var random = new Random(6);
        for (int i = 0; i < 40; i++) {
            byte[] damaged = i < 15 ? Arrays.copyOf(whole, random.nextInt(whole.length)) : whole.clone();
            if (i >= 15)
                for (int k = 0; k < 6; k++) damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            Files.write(path, damaged);
            try {
                Models.loadModel(path);
            } catch (KerasFileException e) {
                assertTrue(e.getMessage().startsWith(path.toString()), e.getMessage());
            }
        }
        Files.write(path, Arrays.copyOf(whole, whole.length / 2));
        assertThrows(KerasFileException.class, () -> Models.loadModel(path));
    }
}
