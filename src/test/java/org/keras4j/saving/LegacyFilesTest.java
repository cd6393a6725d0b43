package org.keras4j.saving;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.keras4j.KerasFileException;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.graph.Primitives;
import org.keras4j.layers.Conv2D;
import org.keras4j.layers.GRU;
import org.keras4j.layers.Input;
import org.keras4j.layers.LSTM;
import org.keras4j.layers.Layer;
import org.keras4j.models.Functional;
import org.keras4j.models.Model;
import org.keras4j.models.Models;
import org.keras4j.models.Sequential;
import org.keras4j.saving.hdf5.GroupWriter;
import org.keras4j.saving.hdf5.Hdf5Writer;
import org.keras4j.saving.hdf5.HostArray;

/** Files in the forms of Keras 1 and 2, written here, against the same models made today. */
class LegacyFilesTest {
    @TempDir
    Path directory;

    private final Random random = new Random(2);

    private NDArray random(int... shape) {
        NDArray array = NDArray.zeros(org.keras4j.DType.FLOAT32, Shape.of(shape));
        for (int i = 0; i < array.size(); i++) array.set(i, random.nextFloat() - 0.5f);
        return array;
    }

    /** Writes a Keras 1 or 2 file: the config, and arrays for each layer by weight name. */
    private Path h5(String config, String version, String backend, Map<String, Map<String, NDArray>> layers)
            throws IOException {
        var writer = new Hdf5Writer();
        if (version != null) writer.root().attribute("keras_version", version);
        writer.root().asciiAttribute("model_config", config);
        GroupWriter group = writer.root().group("model_weights");
        if (backend != null) group.attribute("backend", backend);
        group.fixedStringsAttribute("layer_names", List.copyOf(layers.keySet()));
        layers.forEach((name, weights) -> {
            group.group(name).stringsAttribute("weight_names", List.copyOf(weights.keySet()));
            weights.forEach((weight, array) -> group.group(name).dataset(weight, HostArray.of(array)));
        });
        Path path = directory.resolve("old.h5");
        try (var channel = Files.newByteChannel(
                path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            writer.writeTo(channel);
        }
        return path;
    }

    private static <T> Map<String, T> map(Object first, T value, Object... more) {
        Map<String, T> map = new LinkedHashMap<>();
        map.put((String) first, value);
        for (int i = 0; i < more.length; i += 2) {
            @SuppressWarnings("unchecked")
            T next = (T) more[i + 1];
            map.put((String) more[i], next);
        }
        return map;
    }

    private static String sequential(String... layers) {
        return "{\"class_name\": \"Sequential\", \"config\": [" + String.join(", ", layers) + "]}";
    }

    private static String layer(String className, String config) {
        return "{\"class_name\": \"" + className + "\", \"config\": {" + config + "}}";
    }

    @Test
    void keras1LstmGatesAreJoined() throws IOException {
        List<NDArray> parts = new ArrayList<>();
        Map<String, NDArray> stored = new LinkedHashMap<>();
        for (String gate : List.of("i", "c", "f", "o")) {
            parts.add(random(3, 2));
            parts.add(random(2, 2));
            parts.add(random(2));
            for (int k = 0; k < 3; k++)
                stored.put("lstm_1_" + "WUb".charAt(k) + "_" + gate + ":0", parts.get(parts.size() - 3 + k));
        }
        Model old = Models.loadModel(h5(
                sequential(
                        layer(
                                "LSTM",
                                "\"name\": \"lstm_1\", \"output_dim\": 2, \"input_dim\": 3, \"input_length\": null,"
                                        + " \"inner_activation\": \"hard_sigmoid\", \"activation\": \"tanh\", \"inner_init\": \"orthogonal\"")),
                "1.2.2",
                null,
                map("lstm_1", stored)));
        var now = new Sequential(new Input(-1, 3), new LSTM(2).recurrentActivation("hard_sigmoid_v2"));
        // the order of today is i, f, c, o
        int[] order = {0, 2, 1, 3};
        NDArray kernel = NDArray.zeros(org.keras4j.DType.FLOAT32, Shape.of(3, 8));
        NDArray recurrent = NDArray.zeros(org.keras4j.DType.FLOAT32, Shape.of(2, 8));
        NDArray bias = NDArray.zeros(org.keras4j.DType.FLOAT32, Shape.of(8));
        for (int gate = 0; gate < 4; gate++) {
            for (int unit = 0; unit < 2; unit++) {
                int column = 2 * gate + unit;
                for (int row = 0; row < 3; row++)
                    kernel.set(row * 8 + column, parts.get(3 * order[gate]).get(2 * row + unit));
                for (int row = 0; row < 2; row++)
                    recurrent.set(
                            row * 8 + column, parts.get(3 * order[gate] + 1).get(2 * row + unit));
                bias.set(column, parts.get(3 * order[gate] + 2).get(unit));
            }
        }
        now.setWeights(List.of(kernel, recurrent, bias));
        NDArray x = random(2, 4, 3);
        assertArrayEquals(now.predict(x).doubles(), old.predict(x).doubles(), 1e-6);
    }

    @ParameterizedTest
    @CsvSource({"theano, true", "tensorflow, false"})
    void kernelsOfTheanoAreTurnedRound(String backend, boolean turned) throws IOException {
        NDArray kernel = random(2, 3, 1, 2);
        NDArray bias = random(2);
        Model old = Models.loadModel(h5(
                sequential(layer(
                        "Conv2D",
                        "\"name\": \"c\", \"filters\": 2, \"kernel_size\": [2, 3], \"batch_input_shape\": [null, 4, 5, 1],"
                                + " \"data_format\": \"channels_last\"")),
                "2.0.8",
                backend,
                map("c", map("c/kernel:0", kernel, "c/bias:0", bias))));
        var now = new Sequential(new Input(4, 5, 1), new Conv2D(2, 2, 3));
        NDArray expected = kernel.copy();
        if (turned)
            for (int i = 0; i < 6; i++)
                for (int f = 0; f < 2; f++) expected.set((5 - i) * 2 + f, kernel.get(i * 2 + f));
        now.setWeights(List.of(expected, bias));
        NDArray x = random(1, 4, 5, 1);
        assertArrayEquals(now.predict(x).doubles(), old.predict(x).doubles(), 1e-6);
    }

    @Test
    void keras1KernelsWithFiltersFirstAreTransposed() throws IOException {
        NDArray kernel = random(2, 3, 2, 2); // filters, in, rows, columns
        Model old = Models.loadModel(
                h5(
                        sequential(
                                layer(
                                        "Convolution2D",
                                        "\"name\": \"c\", \"nb_filter\": 2, \"nb_row\": 2, \"nb_col\": 2, \"dim_ordering\": \"th\","
                                                + " \"border_mode\": \"same\", \"bias\": false, \"batch_input_shape\": [null, 3, 4, 4]")),
                        "1.1.0",
                        null,
                        map("c", map("c_W", kernel))),
                o -> o.legacyBackend("tensorflow"));
        var conv = assertInstanceOf(Conv2D.class, old.layers().getFirst());
        NDArray now = conv.getWeights().getFirst();
        assertEquals(Shape.of(2, 2, 3, 2), now.shape());
        for (int f = 0; f < 2; f++)
            for (int c = 0; c < 3; c++)
                for (int r = 0; r < 2; r++)
                    for (int k = 0; k < 2; k++)
                        assertEquals(kernel.get(((f * 3 + c) * 2 + r) * 2 + k), now.get(((r * 2 + k) * 3 + c) * 2 + f));
        assertEquals("channels_first", conv.getConfig().get("data_format"));
    }

    @Test
    void cudnnGruBecomesGru() throws IOException {
        NDArray kernel = random(3, 6);
        NDArray recurrent = random(2, 6);
        NDArray bias = random(12);
        Model old = Models.loadModel(h5(
                sequential(layer("CuDNNGRU", "\"name\": \"g\", \"units\": 2, \"batch_input_shape\": [null, null, 3]")),
                "2.2.4",
                "tensorflow",
                map("g", map("g/kernel:0", kernel, "g/recurrent_kernel:0", recurrent, "g/bias:0", bias))));
        var now = new Sequential(new Input(-1, 3), new GRU(2));
        NDArray k = kernel.copy();
        NDArray r = recurrent.copy();
        for (int gate = 0; gate < 3; gate++) {
            // the block's values in row-major order are those of the transposed block
            var block = new double[6];
            for (int i = 0; i < 6; i++) block[i] = kernel.get(i / 2 * 6 + 2 * gate + i % 2);
            for (int row = 0; row < 3; row++)
                for (int unit = 0; unit < 2; unit++) k.set(row * 6 + 2 * gate + unit, block[unit * 3 + row]);
            for (int row = 0; row < 2; row++)
                for (int unit = 0; unit < 2; unit++)
                    r.set(row * 6 + 2 * gate + unit, recurrent.get(unit * 6 + 2 * gate + row));
        }
        now.setWeights(List.of(k, r, bias.reshape(Shape.of(2, 6))));
        NDArray x = random(2, 4, 3);
        assertArrayEquals(now.predict(x).doubles(), old.predict(x).doubles(), 1e-6);
    }

    @Test
    void gruWithoutTheKeyResetsBefore() {
        Model old = Models.modelFromJson(
                sequential(layer("GRU", "\"name\": \"g\", \"units\": 2, \"batch_input_shape\": [null, 5, 3]")));
        assertEquals(Shape.of(6), old.weights().get(2).shape());
    }

    @Test
    void functionalModelsOfKeras2WithAModelInside() {
        String inner =
                "{\"class_name\": \"Model\", \"name\": \"inner\", \"config\": {\"name\": \"inner\", \"layers\": ["
                        + "{\"class_name\": \"InputLayer\", \"name\": \"i\", \"config\": {\"batch_input_shape\": [null, 3], \"name\": \"i\"},"
                        + " \"inbound_nodes\": []},"
                        + "{\"class_name\": \"Dense\", \"name\": \"d\", \"config\": {\"units\": 3, \"name\": \"d\"},"
                        + " \"inbound_nodes\": [[[\"i\", 0, 0, {}]]]}],"
                        + " \"input_layers\": [[\"i\", 0, 0]], \"output_layers\": [[\"d\", 0, 0]]},"
                        + " \"inbound_nodes\": [[[\"x\", 0, 0, {}]], [[\"inner\", 1, 0, {}]]]}";
        String outer =
                "{\"class_name\": \"Model\", \"keras_version\": \"2.2.4\", \"config\": {\"name\": \"outer\", \"layers\": ["
                        + "{\"class_name\": \"InputLayer\", \"name\": \"x\", \"config\": {\"batch_input_shape\": [null, 3], \"name\": \"x\"},"
                        + " \"inbound_nodes\": []}, " + inner + ","
                        + "{\"class_name\": \"Concatenate\", \"name\": \"cat\", \"config\": {\"axis\": -1, \"name\": \"cat\"},"
                        + " \"inbound_nodes\": [[[\"x\", 0, 0, {}], [\"inner\", 2, 0, {}]]]}],"
                        + " \"input_layers\": [[\"x\", 0, 0]], \"output_layers\": [[\"cat\", 0, 0], [\"inner\", 2, 0]]}}";
        Model model = Models.modelFromJson(outer);
        assertInstanceOf(Functional.class, model);
        NDArray kernel = random(3, 3);
        model.setWeights(List.of(kernel, random(3)));
        NDArray x = random(2, 3);
        List<NDArray> out = model.predictAll(x, o -> {});
        Layer dense = ((Model) model.layers().get(1)).layers().get(1);
        NDArray twice = apply(dense, apply(dense, x));
        assertArrayEquals(twice.doubles(), out.get(1).doubles(), 1e-6);
        assertEquals(Shape.of(2, 6), out.getFirst().shape());
        assertEquals(x.get(4), out.getFirst().get(7));
        assertEquals(out.get(1).get(4), out.getFirst().get(10));
    }

    private static NDArray apply(Layer layer, NDArray x) {
        return layer.apply(Primitives.constant(x)).value();
    }

    @Test
    void hardSigmoidKeepsItsOldMeaning() {
        String json = sequential(layer(
                "Dense",
                "\"name\": \"d\", \"units\": 1, \"activation\": \"hard_sigmoid\", \"batch_input_shape\": [null, 1]"));
        Model old = Models.modelFromJson(json.replace("}]}", "}], \"keras_version\": \"2.3.1\"}"));
        old.setWeights(List.of(NDArray.of(new float[][] {{1}}), NDArray.of(new float[] {0})));
        assertEquals(0.7, old.predict(NDArray.of(new float[][] {{1}})).item(), 1e-6);
    }

    @Test
    void layersThatAreNoMore() {
        Model highway = Models.modelFromJson(sequential(
                layer("Highway", "\"name\": \"h\", \"activation\": \"relu\", \"batch_input_shape\": [null, 2]")));
        highway.setWeights(List.of(
                NDArray.of(new float[][] {{1, 0}, {0, 1}}),
                NDArray.of(new float[][] {{0, 0}, {0, 0}}),
                NDArray.of(new float[] {1, 1}),
                NDArray.of(new float[] {0, 0})));
        // the gate is one half: half of relu(x + 1), half of x
        assertArrayEquals(
                new double[] {0.5 * 3 + 0.5 * 2, 0.5 * -4},
                highway.predict(NDArray.of(new float[][] {{2, -4}})).doubles(),
                1e-6);
        Model thresholded = Models.modelFromJson(sequential(
                layer("ThresholdedReLU", "\"name\": \"t\", \"theta\": 1.5, \"batch_input_shape\": [null, 3]")));
        assertArrayEquals(
                new double[] {0, 0, 2},
                thresholded.predict(NDArray.of(new float[][] {{-3, 1.5f, 2}})).doubles(),
                0);
        Model maxout = Models.modelFromJson(sequential(
                layer("MaxoutDense", "\"name\": \"m\", \"output_dim\": 1, \"nb_feature\": 2, \"input_dim\": 2")));
        maxout.setWeights(List.of(NDArray.of(new float[][][] {{{1}, {0}}, {{0}, {1}}}), NDArray.of(new float[][] {
            {0}, {0.5f}
        })));
        assertArrayEquals(
                new double[] {3, 2.5},
                maxout.predict(NDArray.of(new float[][] {{3, 1}, {-1, 2}})).doubles(),
                0);
    }

    @ParameterizedTest
    @CsvSource({"channels_last, '1, 4, 3, 2'", "channels_first, '1, 2, 4, 3'"})
    void locallyConnectedIsAConvolutionWhereAllPlacesHaveOneKernel(String format, String shape) {
        int[] sizes =
                Arrays.stream(shape.split(", ")).mapToInt(Integer::parseInt).toArray();
        boolean first = format.equals("channels_first");
        String options = "\"filters\": 3, \"kernel_size\": [2, 2], \"data_format\": \"" + format
                + "\", \"batch_input_shape\": [null, " + sizes[1] + ", " + sizes[2] + ", " + sizes[3] + "]";
        Model local = Models.modelFromJson(
                sequential(layer("LocallyConnected2D", "\"name\": \"l\", \"use_bias\": false, " + options)));
        Model conv =
                Models.modelFromJson(sequential(layer("Conv2D", "\"name\": \"c\", \"use_bias\": false, " + options)));
        NDArray kernel = random(2, 2, 2, 3);
        conv.setWeights(List.of(kernel));
        NDArray repeated = NDArray.zeros(kernel.dtype(), Shape.of(6, 8, 3));
        for (int place = 0; place < 6; place++)
            for (int i = 0; i < 8; i++)
                for (int f = 0; f < 3; f++) {
                    // window, then channels; with channels first the other way round
                    int from = first ? (i % 4) * 2 + i / 4 : i;
                    repeated.set((place * 8 + i) * 3 + f, kernel.get(from * 3 + f));
                }
        local.setWeights(List.of(repeated));
        NDArray x = random(sizes);
        assertArrayEquals(conv.predict(x).doubles(), local.predict(x).doubles(), 1e-6);
    }

    @Test
    void weightsThatDoNotFitAreAllTold() throws IOException {
        Path path = h5(
                sequential(
                        layer("Dense", "\"name\": \"a\", \"units\": 2, \"batch_input_shape\": [null, 3]"),
                        layer("Dense", "\"name\": \"b\", \"units\": 2")),
                "2.1.0",
                "tensorflow",
                map("a", map("a/kernel:0", random(3, 2)), "b", map("b/kernel:0", random(5, 2), "b/bias:0", random(2))));
        var refused = assertThrows(KerasFileException.class, () -> Models.loadModel(path));
        assertTrue(refused.getMessage().contains("Dense \"a\" has 2 weights, the file 1"), refused.getMessage());
        assertTrue(refused.getMessage().contains("Dense \"b\": expected kernel"), refused.getMessage());
    }
}
