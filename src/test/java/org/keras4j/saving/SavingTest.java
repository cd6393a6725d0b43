package org.keras4j.saving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keras4j.DType;
import org.keras4j.KerasFileException;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.graph.Primitives;
import org.keras4j.optimizers.Adam;
import org.keras4j.saving.TestModels.Affine;
import org.keras4j.saving.TestModels.Chain;
import org.keras4j.saving.TestModels.Words;
import org.keras4j.saving.archive.Json;
import org.keras4j.saving.hdf5.Hdf5File;
import org.keras4j.saving.hdf5.Hdf5Writer;
import org.keras4j.saving.hdf5.HostArray;

class SavingTest {
    @TempDir
    Path directory;

    private Path saved(Chain model) {
        Path path = directory.resolve("model.keras");
        Saving.saveModel(model, path);
        return path;
    }

    private static Chain load(Path path) {
        return (Chain) Saving.loadModel(path, TestModels::register);
    }

    @Test
    void modelsComeBackWithWeightsAssetsAndOptimizer() {
        Chain model = TestModels.compiled();
        model.optimizer().variables().get(0).assign(NDArray.of(Shape.SCALAR, 7));
        Chain back = load(saved(model));
        assertEquals(model.getWeights(), back.getWeights());
        assertEquals("[UNK]\na\né", ((Words) back.layers().get(1)).words);
        assertNotNull(back.optimizer());
        assertEquals(7, back.optimizer().variables().get(0).numpy().item());
        assertEquals(
                model.optimizer().variables().size(),
                back.optimizer().variables().size());
        NDArray x = NDArray.of(new float[][] {{1, 2, 3, 4}});
        assertEquals(output(model, x), output(back, x));
    }

    private static NDArray output(Chain model, NDArray x) {
        return model.apply(Primitives.constant(x)).value();
    }

    @Test
    void compiledOnlyIfWanted() {
        Path path = saved(TestModels.compiled());
        Chain back = (Chain) Saving.loadModel(path, o -> {
            TestModels.register(o);
            o.compile(false);
        });
        assertNull(back.optimizer());
    }

    @Test
    void theArchiveIsKerass() throws IOException {
        try (var zip = new ZipFile(saved(TestModels.compiled()).toFile())) {
            List<String> names = zip.stream().map(e -> e.getName()).toList();
            assertEquals(
                    List.of("metadata.json", "config.json", "model.weights.h5", "assets/layers/words/vocabulary.txt"),
                    names);
            try (InputStream in = zip.getInputStream(zip.getEntry("config.json"))) {
                Map<String, Object> config = Json.parseObject(in.readAllBytes(), "", "");
                assertEquals(
                        List.of("module", "class_name", "config", "registered_name", "build_config", "compile_config"),
                        List.copyOf(config.keySet()));
                assertEquals(Json.parse("{\"input_shape\": [null, 4]}", "", ""), config.get("build_config"));
            }
            try (InputStream in = zip.getInputStream(zip.getEntry("model.weights.h5"));
                    Hdf5File h5 = Hdf5File.open(in.readAllBytes(), "w")) {
                assertEquals(List.of("layers", "optimizer", "vars"), h5.root().names());
                assertEquals(
                        List.of("affine", "affine_1", "words"),
                        h5.root().group("layers").names());
                assertEquals(
                        List.of("0", "1"),
                        h5.root().group("layers/affine_1/vars").names());
                // iteration, learning rate and a momentum for each of the four weights
                assertEquals(6, h5.root().group("optimizer/vars").names().size());
                assertEquals(
                        "int32", h5.root().dataset("optimizer/vars/0").read().dtype());
            }
        }
    }

    @Test
    void directoriesAreRead() throws IOException {
        Chain model = TestModels.chain();
        Path unpacked = directory.resolve("unpacked");
        try (var zip = new ZipFile(saved(model).toFile())) {
            for (var entry : zip.stream().toList()) {
                Path to = unpacked.resolve(entry.getName());
                Files.createDirectories(to.getParent());
                try (InputStream in = zip.getInputStream(entry)) {
                    Files.copy(in, to);
                }
            }
        }
        Chain back = load(unpacked);
        assertEquals(model.getWeights(), back.getWeights());
        assertEquals("[UNK]\na\né", ((Words) back.layers().get(1)).words);
        assertThrows(KerasFileException.class, () -> load(directory));
    }

    @Test
    void weightsGoInAndOutAloneAndFromArchives() {
        Chain model = TestModels.chain();
        Path path = directory.resolve("x.weights.h5");
        Saving.saveWeights(model, path);
        Chain other = TestModels.chain();
        assertTrue(!other.getWeights().equals(model.getWeights()));
        Saving.loadWeights(other, path);
        assertEquals(model.getWeights(), other.getWeights());
        Chain third = TestModels.chain();
        Saving.loadWeights(third, saved(model));
        assertEquals(model.getWeights(), third.getWeights());
        assertThrows(KerasFileException.class, () -> Saving.saveWeights(model, directory.resolve("x.h5")));
        assertThrows(KerasFileException.class, () -> Saving.saveModel(model, path));
        assertThrows(IllegalStateException.class, () -> Saving.loadWeights(new Chain(new Affine(1)), path));
    }

    @Test
    void weightsThatDoNotFitChangeNothing() {
        Path path = directory.resolve("x.weights.h5");
        Saving.saveWeights(TestModels.chain(), path);
        var wider = new Chain(new Affine(3), new Words(), new Affine(5));
        wider.buildFrom(Shape.of(-1, 4));
        List<NDArray> before = wider.getWeights();
        var refused = assertThrows(KerasFileException.class, () -> Saving.loadWeights(wider, path));
        assertTrue(
                refused.getMessage().contains("layers/affine_1: Affine")
                        && refused.getMessage().contains("expected kernel of shape [3, 5], got [3, 2]"),
                refused.getMessage());
        assertEquals(before, wider.getWeights());
        Saving.loadWeights(wider, path, true);
        assertTrue(!before.get(0).equals(wider.getWeights().get(0)));
        assertEquals(before.get(2), wider.getWeights().get(2));
        var longer = new Chain(new Affine(3), new Words(), new Affine(2), new Affine(2));
        longer.buildFrom(Shape.of(-1, 4));
        var missing = assertThrows(KerasFileException.class, () -> Saving.loadWeights(longer, path));
        assertTrue(missing.getMessage().contains("has 2 variables, the file 0"), missing.getMessage());
    }

    @Test
    void anOptimizerThatDoesNotFitStartsAfresh() {
        Path path = directory.resolve("x.weights.h5");
        Saving.saveWeights(TestModels.compiled(), path);
        Chain other = TestModels.chain();
        other.compile(new Adam(0.1));
        Saving.loadWeights(other, path);
        assertEquals(0.1, other.optimizer().learningRate(), 1e-7);
    }

    @Test
    void shardsAreReadTogether() throws IOException {
        Chain model = TestModels.chain();
        List<NDArray> weights = model.getWeights();
        write("x_00000.weights.h5", "layers/affine/vars/0", weights.get(0));
        write("x_00001.weights.h5", "layers/affine/vars/1", weights.get(1), "layers/affine_1/vars/0", weights.get(2));
        write("x_00002.weights.h5", "layers/affine_1/vars/1", weights.get(3));
        Path index = directory.resolve("x.weights.json");
        Files.writeString(
                index,
                "{\"metadata\": {\"total_size\": 84.0}, \"weight_map\": {"
                        + "\"/layers/affine/vars\": [\"x_00000.weights.h5\", \"x_00001.weights.h5\"],"
                        + "\"/layers/affine_1/vars\": [\"x_00001.weights.h5\", \"x_00002.weights.h5\"]}}");
        Chain other = TestModels.chain();
        Saving.loadWeights(other, index);
        assertEquals(weights, other.getWeights());
        Files.writeString(index, "{\"weight_map\": {\"/vars\": \"../secret.h5\"}}");
        assertThrows(KerasFileException.class, () -> Saving.loadWeights(other, index));
    }

    private void write(String name, Object... pathsAndArrays) throws IOException {
        var writer = new Hdf5Writer();
        for (int i = 0; i < pathsAndArrays.length; i += 2)
            writer.root().dataset((String) pathsAndArrays[i], HostArray.of((NDArray) pathsAndArrays[i + 1]));
        try (var channel =
                Files.newByteChannel(directory.resolve(name), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            writer.writeTo(channel);
        }
    }

    @Test
    void allUnknownClassesAreReportedAtOnceWithTheirPlaces() {
        Path path = saved(TestModels.chain());
        var refused = assertThrows(
                KerasFileException.class,
                () -> Saving.loadModel(path, o -> o.customObject("Chain", Chain::fromConfig)));
        String message = refused.getMessage();
        assertTrue(message.contains("3 things in it are not known here"), message);
        assertTrue(message.contains("Chain \"chain") && message.contains("> Words \"words"), message);
    }

    @Test
    void lambdasAreNeverRun() {
        String json =
                "{\"class_name\": \"Chain\", \"config\": {\"name\": \"c\", \"layers\": [{\"class_name\": \"Affine\","
                        + " \"config\": {\"name\": \"a\", \"fn\": {\"class_name\": \"__lambda__\", \"config\": {\"value\":"
                        + " []}}}}]}}";
        var refused = assertThrows(KerasFileException.class, () -> Saving.modelFromJson(json, TestModels::register));
        assertTrue(refused.getMessage().contains("Affine \"a\" > __lambda__"), refused.getMessage());
    }

    @Test
    void jsonComesBackWithoutWeights() {
        Chain model = TestModels.compiled();
        String json = Saving.toJson(model);
        Chain back = (Chain) Saving.modelFromJson(json, TestModels::register);
        assertEquals(model.name(), back.name());
        assertEquals(0.5, back.optimizer().learningRate(), 1e-7);
        assertEquals(json, Saving.toJson(back));
    }

    @Test
    void sharedObjectsStayOne() {
        var shared = new Affine(4);
        var model = new Chain(shared, new Affine(4), shared);
        model.buildFrom(Shape.of(-1, 4));
        String json = Saving.toJson(model);
        assertEquals(2, json.split("shared_object_id", -1).length - 1, json);
        Chain back = (Chain) Saving.modelFromJson(json, TestModels::register);
        assertTrue(
                back.layers().get(0) == back.layers().get(1) || back.weights().size() == 4);
    }

    @Test
    void plainValuesAreWrittenAsKerasWritesThem() {
        assertEquals(
                "{\"shape\": [null, 3], \"dtype\": \"float16\", \"axes\": [1, 2], \"array\": {\"class_name\":"
                        + " \"__numpy__\", \"config\": {\"value\": [[1.0, 2.5]], \"dtype\": \"float32\"}}, \"scalar\": 3}",
                Json.write(Saving.serializeKerasObject(mapOf(
                        "shape", Shape.of(-1, 3),
                        "dtype", DType.FLOAT16,
                        "axes", new int[] {1, 2},
                        "array", NDArray.of(new float[][] {{1, 2.5f}}),
                        "scalar", NDArray.of(Shape.SCALAR, 3)))));
        assertThrows(IllegalArgumentException.class, () -> Saving.serializeKerasObject(new Object()));
    }

    private static Map<String, Object> mapOf(Object... pairs) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) map.put((String) pairs[i], pairs[i + 1]);
        return map;
    }

    @Test
    void damagedFilesEndInOneException() throws IOException {
        byte[] whole = Files.readAllBytes(saved(TestModels.compiled()));
        Path path = directory.resolve("damaged.keras");
        var random = new Random(9);
        int refused = 0;
        for (int i = 0; i < 120; i++) {
            byte[] damaged = whole.clone();
            if (i < 40) damaged = Arrays.copyOf(whole, random.nextInt(whole.length));
            else
                for (int k = 0; k < 20; k++) damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            Files.write(path, damaged);
            try {
                load(path);
            } catch (KerasFileException e) {
                assertTrue(e.getMessage().startsWith(path.toString()), e.getMessage());
                refused++;
            }
        }
        assertTrue(refused > 100, "only " + refused + " of 120 damaged files were refused");
        Path absent = directory.resolve("absent.keras");
        assertThrows(KerasFileException.class, () -> load(absent));
        Files.writeString(path, "neither zip nor HDF5");
        assertThrows(KerasFileException.class, () -> load(path));
    }
}
