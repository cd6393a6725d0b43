package org.keras4j.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.backend.Backends;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Variable;
import org.keras4j.layers.Call;
import org.keras4j.layers.Dense;
import org.keras4j.layers.EinsumDense;
import org.keras4j.layers.Embedding;
import org.keras4j.layers.Flatten;
import org.keras4j.layers.Input;
import org.keras4j.layers.Layer;
import org.keras4j.layers.QuantizeOptions;
import org.keras4j.layers.ReversibleEmbedding;

/** Numbers are those of Keras 3.15 for the same weights. */
class QuantizeTest {
    private static final NDArray X = NDArray.of(Shape.of(2, 3), 0, 3, 6, 1, 2, 5);

    @TempDir
    private Path folder;

    @BeforeAll
    static void useReference() {
        Backends.use("reference");
    }

    private static NDArray wave(int k, Shape shape) {
        var values = new float[shape.size()];
        for (int i = 0; i < values.length; i++) values[i] = (float) (Math.sin(i * (1.3 + k)) + 0.1 * k);
        return NDArray.of(shape, values);
    }

    private static void fill(Layer layer) {
        List<NDArray> values = new ArrayList<>();
        for (Variable v : layer.weights()) values.add(wave(values.size(), v.shape()));
        layer.setWeights(values);
    }

    private static Model model() {
        var input = new Input(3).dtype("int32").tensor();
        var x = new Embedding(7, 5).name("e").apply(input);
        x = new EinsumDense("abc,cde->abde", 3, 2, 3).biasAxes("e").name("q").apply(x);
        x = new EinsumDense("abde,def->abf", 3, 4).name("o").apply(x);
        x = new Dense(3).name("d").apply(new Flatten().apply(x));
        var model = new Functional(input, x);
        fill(model);
        return model;
    }

    private void check(String mode, Consumer<QuantizeOptions> options, float... expected) throws IOException {
        Model model = model();
        model.predict(X); // what was prepared for floats is not to be used any more
        model.quantize(mode, options);
        assertArrayEquals(expected, model.predict(X).floats(), 2e-5f);
        Path file = folder.resolve("model.keras");
        model.save(file);
        assertArrayEquals(
                model.predict(X).floats(), Models.loadModel(file).predict(X).floats(), 0f);
    }

    @Test
    void int8() throws IOException {
        check("int8", o -> {}, 9.9874516f, 4.4740801f, 0.3036105f, 9.8236046f, 3.5979524f, -0.0227944f);
        Model model = model();
        model.quantize("int8");
        Layer dense = model.getLayer("d");
        assertEquals("int8_from_float32", dense.dtypePolicy().name());
        assertEquals(
                DType.INT8,
                dense.weights().stream()
                        .filter(v -> v.name().equals("kernel"))
                        .findFirst()
                        .orElseThrow()
                        .dtype());
        for (Variable v : dense.weights()) assertTrue(v.path().endsWith("d/" + v.name()), v.path());
    }

    @Test
    void int4InBlocks() throws IOException {
        check("int4", o -> {}, 10.8257704f, 4.6388788f, -0.0365734f, 10.3850737f, 3.7077527f, 0.0001731f);
        check("int4", o -> o.blockSize(4), 10.4983215f, 4.9776502f, -0.2049401f, 10.2303410f, 3.8667793f, -0.3101197f);
    }

    @Test
    void int4WithOneScale() throws IOException {
        Model model = model();
        model.quantize("int4", o -> o.blockSize(null));
        assertEquals("int4/-1_from_float32", model.getLayer("q").dtypePolicy().name());
        Path file = folder.resolve("model.keras");
        model.save(file);
        float[] expected = {9.1677608f, 3.5438013f, -1.0090771f, 9.2350254f, 2.6311274f, -1.8202192f};
        assertArrayEquals(expected, model.predict(X).floats(), 2e-5f);
        assertArrayEquals(expected, Models.loadModel(file).predict(X).floats(), 2e-5f);
    }

    @Test
    void float8() throws IOException {
        check("float8", o -> {}, 9.5283203f, 4.3359375f, 0.0930176f, 9.5976563f, 3.5419922f, -0.3701172f);
        Model model = model();
        model.quantize("float8");
        assertEquals("float32", model.getLayer("e").dtypePolicy().name());
    }

    @Test
    void reversibleEmbedding() {
        float[][] expected = {
            {-0.16330524f, -0.02157128f, 0.17882393f, -0.22703312f, 0.10504465f, 0.0715321f, -0.2137465f},
            {-0.1248824f, -0.08011696f, 0.11107504f, -0.11142659f, -0.05806851f, -0.02434883f, -0.09459084f}
        };
        for (String mode : List.of("int8", "int4")) {
            var layer = new ReversibleEmbedding(7, 5).tieWeights(false);
            layer.buildFrom(Shape.of(Shape.UNKNOWN));
            fill(layer);
            assertTrue(layer.quantize(new QuantizeOptions(mode)));
            Tensor y = layer.apply(Tensor.of(NDArray.of(Shape.of(1), 1)));
            Tensor logits = (Tensor) layer.applyTo(Call.of(y).with("reverse", true));
            assertArrayEquals(expected[mode.equals("int8") ? 0 : 1], logits.floats(), 1e-6f, mode);
        }
    }

    @Test
    void onlyWhatIsAskedFor() {
        Model model = model();
        model.quantize("int8", o -> o.filters("^d$", "^e"));
        assertEquals("float32", model.getLayer("q").dtypePolicy().name());
        assertEquals("int8_from_float32", model.getLayer("d").dtypePolicy().name());
        assertEquals("int8_from_float32", model.getLayer("e").dtypePolicy().name());
        assertThrows(IllegalStateException.class, () -> model.quantize("int8"));
        assertThrows(IllegalArgumentException.class, () -> model().quantize("int2"));
        assertThrows(IllegalArgumentException.class, () -> model().quantize("int4", o -> o.blockSize(0)));
        var corrected = new Sequential(new Input(4), new Dense(2).loraRank(1));
        assertThrows(IllegalStateException.class, () -> corrected.quantize("int8"));
    }

    @Test
    void weightsOnly() {
        Model model = model();
        float[] exact = model.predict(X).floats();
        model.quantize("int8", o -> o.roundInputs(false));
        float[] y = model.predict(X).floats();
        for (int i = 0; i < y.length; i++) assertEquals(exact[i], y[i], 0.1);
        assertNotEquals(exact[0], y[0]);
    }
}
