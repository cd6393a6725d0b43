package org.keras4j.layers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.graph.Variable;
import org.keras4j.models.Sequential;

/** Low-rank corrections of weights that are kept as whole numbers. */
class QuantizedLoraTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"int8_from_float32", "int4/128_from_float32"})
    void correctsDense(String policy) {
        check(() -> new Dense(4).dtype(policy).loraRank(2).loraAlpha(6.0), Shape.of(5));
    }

    @ParameterizedTest
    @ValueSource(strings = {"int8_from_float32", "int4/128_from_float32"})
    void correctsEinsumDense(String policy) {
        check(() -> new EinsumDense("ab,bc->ac", 4).dtype(policy).loraRank(2).loraAlpha(6.0), Shape.of(5));
    }

    /** The layer's result has to grow by {@code alpha / rank * x . a . b}, and the correction must not be lost. */
    private void check(Supplier<Layer> maker, Shape sample) {
        var model = new Sequential(new Input(sample.dims()), maker.get());
        NDArray x = random(Shape.of(3).concat(sample), 1);
        for (Variable v : model.weights())
            if (v.name().equals("kernel"))
                v.assign(NDArray.of(v.shape(), bytes(v.shape().size())).cast(DType.INT8));
        float[] before = model.predict(x).floats();
        Variable a = named(model, "lora_kernel_a");
        Variable b = named(model, "lora_kernel_b");
        Path file = directory.resolve("model.keras");
        model.save(file); // nothing is corrected yet
        a.assign(random(a.shape(), 2));
        b.assign(random(b.shape(), 3));
        float[] after = model.predict(x).floats();
        float[] expected = before.clone();
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 4; j++)
                for (int r = 0; r < 2; r++)
                    for (int k = 0; k < 5; k++)
                        expected[i * 4 + j] += (float) (3
                                * x.get(i * 5 + k)
                                * a.numpy().get(k * 2 + r)
                                * b.numpy().get(r * 4 + j));
        assertArrayEquals(expected, after, 1e-4f);
        var refused = assertThrows(IllegalStateException.class, () -> model.save(directory.resolve("lost.keras")));
        assertTrue(refused.getMessage().contains("low-rank correction"), refused.getMessage());
        assertTrue(Files.notExists(directory.resolve("lost.keras")));
    }

    private static Variable named(Sequential model, String name) {
        List<Variable> found =
                model.weights().stream().filter(v -> v.name().equals(name)).toList();
        return found.getFirst();
    }

    private static NDArray random(Shape shape, int seed) {
        var source = new SplittableRandom(seed);
        float[] values = new float[shape.size()];
        for (int i = 0; i < values.length; i++) values[i] = (float) (2 * source.nextDouble() - 1);
        return NDArray.of(shape, values);
    }

    private static int[] bytes(int n) {
        var values = new int[n];
        for (int i = 0; i < n; i++) values[i] = i * 37 % 255 - 127;
        return values;
    }
}
