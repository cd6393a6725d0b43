package org.keras4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.keras4j.backend.Backends;
import org.keras4j.layers.Add;
import org.keras4j.layers.BatchNormalization;
import org.keras4j.layers.Concatenate;
import org.keras4j.layers.Conv1D;
import org.keras4j.layers.Conv2D;
import org.keras4j.layers.Dense;
import org.keras4j.layers.Dropout;
import org.keras4j.layers.Embedding;
import org.keras4j.layers.Flatten;
import org.keras4j.layers.Input;
import org.keras4j.layers.LSTM;
import org.keras4j.layers.MaxPooling2D;
import org.keras4j.layers.Reshape;
import org.keras4j.models.Functional;
import org.keras4j.models.Models;
import org.keras4j.models.Sequential;
import org.keras4j.ops.K;

/** Wrong shapes, names, labels and files: each ends in an error that names what, what was expected, and what came. */
class BadInputTest {
    private record Wrong(String name, Executable action, String... words) {
        @Override
        public String toString() {
            return name;
        }
    }

    @TempDir
    Path folder;

    @BeforeEach
    void start() {
        Backends.use("reference");
    }

    private static Sequential model() {
        var model = new Sequential(
                new Input(4).name("features"),
                new Dense(3).activation("softmax").name("head"));
        model.compile(c -> c.optimizer("sgd").loss("sparse_categorical_crossentropy"));
        return model;
    }

    private static Sequential regression() {
        var model = new Sequential(new Input(4).name("features"), new Dense(2).name("head"));
        model.compile(c -> c.optimizer("sgd").loss("mse").metrics("mae"));
        return model;
    }

    private static Functional twoInputs() {
        var a = new Input(2).name("left").tensor();
        var b = new Input(2).name("right").tensor();
        var model = new Functional(List.of(a, b), new Dense(1).name("score").apply(new Concatenate().apply(a, b)));
        model.compile(c -> c.optimizer("sgd").loss("mse"));
        return model;
    }

    private static Sequential words() {
        var model = new Sequential(
                new Input(3).dtype("int32").name("words"),
                new Embedding(5, 2).name("vectors"),
                new Flatten(),
                new Dense(1));
        model.compile(c -> c.optimizer("sgd").loss("mse"));
        return model;
    }

    static Stream<Wrong> data() {
        float[][] x = new float[6][4];
        int[] y = new int[6];
        float[][] targets = new float[6][2];
        return Stream.of(
                new Wrong("columns", () -> model().predict(new float[6][5]), "features", "(None, 4)", "(6, 5)"),
                new Wrong("rank", () -> model().predict(new float[6][4][4]), "features", "(None, 4)", "(6, 4, 4)"),
                new Wrong(
                        "empty",
                        () -> model().predict(NDArray.zeros(DType.FLOAT32, Shape.of(0, 4))),
                        "at least one sample",
                        "(0, 4)"),
                new Wrong("empty fit", () -> model().fit(new float[0][4], new int[0]), "features", "(0, 0)"),
                new Wrong("ragged", () -> model().predict(new float[][] {{1, 2, 3, 4}, {1}}), "4", "1"),
                new Wrong("null", () -> model().predict(null), "expected an array", "null"),
                new Wrong("text", () -> model().predict("digits"), "expected", "String"),
                new Wrong("text array", () -> model().predict(new String[] {"a"}), "String"),
                new Wrong("labels missing", () -> model().fit(x, null), "labels"),
                new Wrong("fewer labels", () -> model().fit(x, new int[5]), "(6, 4)", "(5,)"),
                new Wrong(
                        "class too large",
                        () -> model().fit(x, new int[] {0, 1, 2, 3, 0, 0}),
                        "head",
                        "0 to 2",
                        "got 3"),
                new Wrong(
                        "class below 0",
                        () -> model().evaluate(x, new int[] {0, 1, -2, 0, 0, 0}),
                        "head",
                        "0 to 2",
                        "got -2"),
                new Wrong("NaN label", () -> regression().fit(x, nan(targets)), "head", "NaN"),
                new Wrong("NaN label to evaluate", () -> regression().evaluate(x, nan(targets)), "head", "NaN"),
                new Wrong("label columns", () -> regression().fit(x, new float[6][3]), "head", "(6, 2)", "(6, 3)"),
                new Wrong(
                        "label columns to evaluate",
                        () -> regression().evaluate(x, new float[6][3]),
                        "(6, 2)",
                        "(6, 3)"),
                new Wrong("label rank", () -> regression().fit(x, new float[6][2][5]), "(6, 2)", "(6, 2, 5)"),
                new Wrong(
                        "sample weights",
                        () -> regression().fit(x, targets, f -> f.sampleWeight(new float[5])),
                        "sample_weight",
                        "(5,)"),
                new Wrong(
                        "wide sample weights",
                        () -> regression().fit(x, targets, f -> f.sampleWeight(new float[6][7])),
                        "(6, 7)"),
                new Wrong(
                        "one input of two", () -> twoInputs().predict(new float[6][2]), "2", "left", "right", "got 1"),
                new Wrong(
                        "three inputs",
                        () -> twoInputs().predict(List.of(new float[6][2], new float[6][2], new float[6][2])),
                        "2",
                        "got 3"),
                new Wrong(
                        "input name",
                        () -> twoInputs().predict(Map.of("left", new float[6][2], "rigth", new float[6][2])),
                        "right",
                        "rigth"),
                new Wrong(
                        "names of weights",
                        () -> twoInputs()
                                .fit(pair(), new float[6][1], f -> f.sampleWeight(Map.of("sccore", new float[6]))),
                        "sample_weight",
                        "score",
                        "sccore"),
                new Wrong(
                        "rows of inputs",
                        () -> twoInputs().predict(List.of(new float[6][2], new float[5][2])),
                        "(6, 2)",
                        "(5, 2)"),
                new Wrong("index too large", () -> words().predict(new int[][] {{0, 4, 5}}), "vectors", "0 to 4", "5"),
                new Wrong("index below 0", () -> words().predict(new int[][] {{0, -6, 1}}), "vectors", "0 to 4"),
                new Wrong(
                        "index in fit",
                        () -> words().fit(new int[][] {{0, 9, 1}}, new float[1][1]),
                        "vectors",
                        "0 to 4",
                        "9"),
                new Wrong(
                        "fractions for indices",
                        () -> words().predict(new float[][] {{0, 1.5f, 1}}),
                        "words",
                        "int32",
                        "1.5"));
    }

    private static List<float[][]> pair() {
        return List.of(new float[6][2], new float[6][2]);
    }

    private static float[][] nan(float[][] like) {
        float[][] copy = new float[like.length][like[0].length];
        copy[1][0] = Float.NaN;
        return copy;
    }

    static Stream<Wrong> options() {
        float[][] x = new float[6][4];
        int[] y = new int[6];
        return Stream.of(
                new Wrong("units", () -> new Dense(-3), "Dense", "units", "positive", "-3"),
                new Wrong("filters", () -> new Conv2D(0, 3), "Conv2D", "filters", "0"),
                new Wrong("kernel size", () -> new Conv2D(4, -1), "Conv2D", "kernel_size", "-1"),
                new Wrong("strides", () -> new Conv1D(4, 3).strides(0), "Conv1D", "strides", "0"),
                new Wrong("padding", () -> new Conv2D(4, 3).padding("sane"), "padding", "same", "sane"),
                new Wrong(
                        "groups",
                        () -> new Sequential(new Input(8, 8, 3), new Conv2D(4, 3).groups(2)),
                        "groups",
                        "2",
                        "3"),
                new Wrong("causal", () -> new Conv2D(4, 3).padding("causal"), "padding", "causal"),
                new Wrong("activation", () -> new Dense(3).activation("rulu"), "rulu", "relu"),
                new Wrong("initializer", () -> new Dense(3).kernelInitializer("glorot"), "glorot", "glorot_uniform"),
                new Wrong("regularizer", () -> new Dense(3).kernelRegularizer("l3"), "l3", "l2"),
                new Wrong("dtype", () -> new Dense(3).dtype("float31"), "float31"),
                new Wrong("rate", () -> new Dropout(1.5), "Dropout", "rate", "1.5"),
                new Wrong("vocabulary", () -> new Embedding(0, 4), "Embedding", "input_dim", "0"),
                new Wrong("lstm units", () -> new LSTM(0), "LSTM", "units", "0"),
                new Wrong("pool size", () -> new MaxPooling2D(0), "pool_size", "0"),
                new Wrong("axis", () -> new Sequential(new Input(4), new BatchNormalization(3)), "axis", "3"),
                new Wrong("reshape", () -> new Sequential(new Input(4), new Reshape(3, 2)), "Reshape", "(3, 2)"),
                new Wrong(
                        "rank of images", () -> new Sequential(new Input(4), new Conv2D(4, 3)), "Conv2D", "(None, 4)"),
                new Wrong(
                        "larger kernel",
                        () -> new Sequential(new Input(4, 4, 1), new Conv2D(4, 5)),
                        "Conv2D",
                        "5",
                        "4"),
                new Wrong(
                        "merge",
                        () -> new Add().apply(new Input(3).tensor(), new Input(4).tensor()),
                        "Add",
                        "(None, 3)",
                        "(None, 4)"),
                new Wrong(
                        "concatenate",
                        () -> new Concatenate().apply(new Input(3, 2).tensor(), new Input(4, 2).tensor()),
                        "Concatenate",
                        "(None, 3, 2)",
                        "(None, 4, 2)"),
                new Wrong("optimizer", () -> model().compile(c -> c.optimizer("adan")), "adan", "adam"),
                new Wrong(
                        "loss",
                        () -> {
                            var m = model();
                            m.compile(c -> c.optimizer("adam").loss("msee"));
                            m.fit(x, y);
                        },
                        "msee",
                        "mse"),
                new Wrong(
                        "metric",
                        () -> {
                            var m = model();
                            m.compile(c -> c.optimizer("adam").loss("mse").metrics("acuracy"));
                            m.fit(x, new float[6][3]);
                        },
                        "acuracy",
                        "accuracy"),
                new Wrong(
                        "loss weights",
                        () -> {
                            var m = twoInputs();
                            m.compile(c -> c.optimizer("sgd").loss("mse").lossWeights(Map.of("sccore", 2.0)));
                            m.fit(pair(), new float[6][1]);
                        },
                        "loss_weights",
                        "score",
                        "sccore"),
                new Wrong("not compiled", () -> new Sequential(new Input(4), new Dense(2)).fit(x, y), "compile"),
                new Wrong(
                        "loss name",
                        () -> twoInputs().compile(c -> c.optimizer("adam").loss(Map.of("sccore", "mse"))),
                        "score",
                        "sccore"),
                new Wrong("batch size", () -> model().fit(x, y, f -> f.batchSize(0)), "batch_size", "0"),
                new Wrong(
                        "validation split",
                        () -> model().fit(x, y, f -> f.validationSplit(1.5)),
                        "validation_split",
                        "1.5"),
                new Wrong("layer name", () -> model().getLayer("haed"), "haed", "head"),
                new Wrong("layer index", () -> model().getLayer(7), "7"),
                new Wrong(
                        "two layers of a name",
                        () -> new Sequential(new Input(4), new Dense(2).name("a"), new Dense(2).name("a")),
                        "a"),
                new Wrong(
                        "weights",
                        () -> model().setWeights(List.of(NDArray.zeros(DType.FLOAT32, Shape.of(4, 3)))),
                        "2",
                        "1"),
                new Wrong(
                        "weight shape",
                        () -> model().setWeights(List.of(
                                NDArray.zeros(DType.FLOAT32, Shape.of(3, 4)),
                                NDArray.zeros(DType.FLOAT32, Shape.of(3)))),
                        "(4, 3)",
                        "(3, 4)"),
                new Wrong(
                        "product",
                        () -> K.dot(K.ones(Shape.of(2, 3), DType.FLOAT32), K.ones(Shape.of(2, 3), DType.FLOAT32)),
                        "(2, 3)"),
                new Wrong(
                        "sum",
                        () -> K.add(K.ones(Shape.of(2, 3), DType.FLOAT32), K.ones(Shape.of(2, 4), DType.FLOAT32)),
                        "(2, 3)",
                        "(2, 4)"),
                new Wrong("backend", () -> Backends.use("tpu"), "tpu", "reference"));
    }

    @ParameterizedTest
    @MethodSource("data")
    void refusesData(Wrong wrong) {
        check(wrong);
    }

    @ParameterizedTest
    @MethodSource("options")
    void refusesOptions(Wrong wrong) {
        check(wrong);
    }

    private static void check(Wrong wrong) {
        RuntimeException e = Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(30), () -> assertThrows(RuntimeException.class, wrong.action()));
        for (String word : wrong.words())
            assertTrue(String.valueOf(e.getMessage()).contains(word), () -> "expected \"" + word + "\" in: " + e);
    }

    @Test
    void aRefusedStepLeavesTheModelAsItWas() {
        Sequential model = model();
        float[] before = model.weights().getFirst().numpy().floats();
        assertThrows(RuntimeException.class, () -> model.fit(new float[][] {{1, 2, 3, 4}}, new int[] {5}));
        assertThrows(
                RuntimeException.class,
                () -> model.setWeights(List.of(
                        NDArray.zeros(DType.FLOAT32, Shape.of(4, 3)), NDArray.zeros(DType.FLOAT32, Shape.of(4)))));
        assertArrayEquals(before, model.weights().getFirst().numpy().floats());
    }

    @Test
    void refusesDamagedFiles() throws IOException {
        Path keras = folder.resolve("m.keras");
        Path h5 = folder.resolve("m.h5");
        model().save(keras);
        model().save(h5);
        for (Path file : List.of(keras, h5)) {
            byte[] whole = Files.readAllBytes(file);
            String ending = file.toString().substring(file.toString().lastIndexOf('.'));
            for (int part = 0; part < 8; part++) {
                Path cut = folder.resolve("cut" + part + ending);
                Files.write(cut, Arrays.copyOf(whole, whole.length * part / 8));
                refusesFile(cut);
            }
        }
        Path text = folder.resolve("text.keras");
        Files.writeString(text, "no model at all");
        refusesFile(text);
        refusesFile(folder.resolve("absent.keras"));
        refusesFile(folder);
    }

    private static void refusesFile(Path file) {
        KerasFileException e = Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(30),
                () -> assertThrows(KerasFileException.class, () -> Models.loadModel(file), file.toString()));
        assertTrue(String.valueOf(e.getMessage()).contains(String.valueOf(file.getFileName())), e::toString);
    }

    /** Bytes changed in the middle end in an error of the library, or in a model; never in a hang or another error. */
    @Test
    void survivesChangedBytes() throws IOException {
        Path h5 = folder.resolve("m.h5");
        model().save(h5);
        byte[] whole = Files.readAllBytes(h5);
        Path changed = folder.resolve("changed.h5");
        for (int at = 0; at < whole.length; at += Math.max(1, whole.length / 150)) {
            byte[] copy = whole.clone();
            copy[at] = (byte) ~copy[at];
            Files.write(changed, copy);
            Assertions.assertTimeoutPreemptively(Duration.ofSeconds(30), () -> {
                try {
                    Models.loadModel(changed);
                } catch (KerasFileException e) {
                    assertTrue(e.getMessage().contains("changed.h5"), e::toString);
                }
            });
        }
    }

    @Test
    void refusesWeightsOfAnotherModelWhole() {
        Path file = folder.resolve("w.weights.h5");
        model().saveWeights(file);
        Sequential other = regression();
        float[] before = other.weights().getFirst().numpy().floats();
        var e = assertThrows(RuntimeException.class, () -> other.loadWeights(file));
        assertTrue(e.getMessage().contains("[4, 3]") && e.getMessage().contains("[4, 2]"), e::toString);
        assertArrayEquals(before, other.weights().getFirst().numpy().floats());
    }

    @Test
    void refusesPlacesToSave() {
        var ending = assertThrows(RuntimeException.class, () -> model().save(folder.resolve("m.onnx")));
        assertTrue(ending.getMessage().contains(".keras"), ending::toString);
        var absent = assertThrows(RuntimeException.class, () -> model().save(folder.resolve("no/such/m.keras")));
        assertTrue(absent.getMessage().contains("m.keras"), absent::toString);
        var weights = assertThrows(RuntimeException.class, () -> model().saveWeights(folder.resolve("m.keras")));
        assertTrue(weights.getMessage().contains(".weights.h5"), weights::toString);
    }
}
