package org.keras4j.initializers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.utils.RandomSeeds;

class InitializersTest {
    private static final Shape LARGE = Shape.of(3, 3, 40, 60); // 360 inputs, 540 outputs

    private static NDArray draw(Initializer initializer, Shape shape) {
        return initializer.call(shape, DType.FLOAT32);
    }

    @ParameterizedTest
    @CsvSource({
        "glorot_uniform, 2, 900, 1.7320508", // the bound of a uniform distribution is sqrt(3) deviations
        "glorot_normal, 2, 900, 2.2736", // 2 / 0.87962566
        "he_uniform, 2, 360, 1.7320508",
        "he_normal, 2, 360, 2.2736",
        "lecun_uniform, 1, 360, 1.7320508",
        "lecun_normal, 1, 360, 2.2736"
    })
    void hasTheVarianceAndTheBoundsOfItsName(String name, double scale, double fan, double bound) {
        double stddev = Math.sqrt(scale / fan);
        float[] x = draw(Initializers.get(name), LARGE).floats();
        double sum = 0;
        double squares = 0;
        double most = 0;
        for (float v : x) {
            sum += v;
            squares += v * v;
            most = Math.max(most, Math.abs(v));
        }
        assertEquals(0, sum / x.length, 5 * stddev / Math.sqrt(x.length));
        assertEquals(stddev, Math.sqrt(squares / x.length), 0.03 * stddev);
        assertTrue(most <= bound * stddev * 1.0001 && most > 0.97 * bound * stddev, name + " reaches " + most);
    }

    @Test
    void countsTheGivenAxes() {
        float[] x = draw(new HeUniform(1).inputAxes(0).outputAxes(1, 2), Shape.of(6, 50, 50))
                .floats();
        double most = 0;
        for (float v : x) most = Math.max(most, Math.abs(v));
        assertEquals(1, most, 0.01); // sqrt(6 / 6)
    }

    @Test
    void sameSeedGivesSameValues() {
        assertEquals(draw(new GlorotUniform(7), LARGE), draw(new GlorotUniform(7), LARGE));
        assertNotEquals(draw(new GlorotUniform(7), LARGE), draw(new GlorotUniform(8), LARGE));
        assertNotEquals(draw(new GlorotUniform(), LARGE), draw(new GlorotUniform(), LARGE));
        RandomSeeds.setRandomSeed(3);
        NDArray first = draw(new TruncatedNormal(), LARGE);
        RandomSeeds.setRandomSeed(3);
        assertEquals(first, draw(new TruncatedNormal(), LARGE));
    }

    @Test
    void drawsTheSameInPiecesAsInOneGo() {
        NDArray all = draw(new RandomNormal(1, 2, 5), Shape.of(600_001));
        NDArray some = draw(new RandomNormal(1, 2, 5), Shape.of(1001));
        assertArrayEquals(some.floats(), Arrays.copyOf(all.floats(), 1001));
        assertTrue(Float.isFinite(all.floats()[600_000]));
    }

    @ParameterizedTest
    @CsvSource({"4, 9", "9, 4", "5, 5", "1, 3"})
    void orthogonalHasOrthonormalRowsOrColumns(int rows, int columns) {
        float[] q = draw(new Orthogonal(2, 11), Shape.of(rows, columns)).floats();
        int few = Math.min(rows, columns);
        for (int i = 0; i < few; i++)
            for (int j = 0; j < few; j++) {
                double dot = 0;
                for (int k = 0; k < Math.max(rows, columns); k++)
                    dot += rows < columns
                            ? q[i * columns + k] * q[j * columns + k]
                            : q[k * columns + i] * q[k * columns + j];
                assertEquals(i == j ? 4 : 0, dot, 1e-5);
            }
    }

    @Test
    void constantBroadcasts() {
        assertArrayEquals(
                new float[] {1, 2, 1, 2},
                draw(new Constant(new float[] {1, 2}), Shape.of(2, 2)).floats());
        assertArrayEquals(
                new float[] {1, 1, 2, 2},
                draw(new Constant(new float[][] {{1}, {2}}), Shape.of(2, 2)).floats());
        var error = assertThrows(
                IllegalArgumentException.class, () -> draw(new Constant(new float[] {1, 2}), Shape.of(2, 3)));
        assertEquals("Constant: expected a shape that (2,) broadcasts to, got (2, 3)", error.getMessage());
    }

    @ParameterizedTest
    @CsvSource({ // sums of 8 periodic values, third of 7 and second of 6 symmetric ones, from SciPy
        "hamming, 4.32, 0.77, 0.397852183",
        "blackman, 3.36, 0.63, 0.200770143",
        "nuttall, 2.9086552, 0.5292298, 0.110515253",
        "blackmanharris, 2.87, 0.520575, 0.103011489",
        "flattop, 1.7246316, 0.19821053, -0.067714252",
        "bartlett, 4.0, 0.666666667, 0.4",
        "barthann, 4.0, 0.73, 0.358573542",
        "bohman, 3.24404287, 0.608997781, 0.179123894",
        "lanczos, 4.674083054, 0.826993343, 0.504551152",
        "tukey, 6.0, 1.0, 0.904508497",
        "cosine, 5.585122305, 0.900968868, 0.707106781",
        "triang, 4.8, 0.75, 0.5",
        "parzen, 3.373113855, 0.650145773, 0.25"
    })
    void windowsAreSciPys(String name, double sum8, double third7, double second6) {
        double sum = 0;
        for (double v : Windows.make(name, 8, true)) sum += v;
        assertEquals(sum8, sum, 1e-8);
        assertEquals(third7, Windows.make(name, 7, false)[2], 1e-8);
        assertEquals(second6, Windows.make(name, 6, false)[1], 1e-8);
    }

    @Test
    void stftIsKeras() {
        float[] kernel = draw(new STFT("imag").window("hamming").scaling(null), Shape.of(4, 1, 3))
                .floats();
        assertArrayEquals(
                new float[] {0, 0, 0, 0, -0.77f, 6.73e-8f, 0, 6.73e-8f, -1.35e-7f, 0, 0.08f, 1.9e-9f}, kernel, 1e-7f);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Zeros",
                "Ones",
                "Constant",
                "Identity",
                "STFT",
                "RandomNormal",
                "TruncatedNormal",
                "RandomUniform",
                "VarianceScaling",
                "GlorotUniform",
                "GlorotNormal",
                "HeUniform",
                "HeNormal",
                "LecunUniform",
                "LecunNormal",
                "Orthogonal"
            })
    void comesBackFromItsConfig(String name) {
        Initializer made = Initializers.get(name);
        Initializer again = Initializers.get(Map.of("class_name", made.className(), "config", made.getConfig()));
        assertEquals(name, again.className());
        assertEquals(made.getConfig(), again.getConfig());
    }

    @Test
    void configsHaveKerasKeysInOrder() {
        var config = new VarianceScaling(2, "fan_out", "normal")
                .seed(4)
                .inputAxes(0, 1)
                .outputAxes(2)
                .getConfig();
        assertEquals(
                "{seed=4, scale=2.0, mode=fan_out, distribution=truncated_normal, input_axes=[0, 1], output_axes=[2]}",
                config.toString());
        var array = new Constant(NDArray.of(new int[] {1, 2})).getConfig();
        assertEquals("{value={class_name=__numpy__, config={value=[1, 2], dtype=int32}}}", array.toString());
        Map<String, Object> generator =
                Map.of("class_name", "SeedGenerator", "config", Map.of("name", "seed_generator", "seed", 9));
        Initializer seeded = Initializers.get(
                Map.of("class_name", "RandomUniform", "config", Map.of("seed", generator, "minval", 0, "maxval", 1)));
        assertEquals(generator, seeded.getConfig().get("seed"));
        assertEquals(draw(new RandomUniform(0, 1, 9), LARGE), draw(seeded, LARGE));
    }

    @Test
    void saysWhatItDoesNotKnow() {
        var error = assertThrows(IllegalArgumentException.class, () -> Initializers.get("glorot"));
        assertTrue(error.getMessage().startsWith("Unknown initializer \"glorot\"; known: "), error.getMessage());
        assertTrue(error.getMessage().contains("glorot_uniform"), error.getMessage());
        assertThrows(IllegalArgumentException.class, () -> Initializers.get(List.of(1)));
        assertThrows(IllegalArgumentException.class, () -> new VarianceScaling().scale(0));
        assertThrows(IllegalArgumentException.class, () -> new GlorotUniform().call(LARGE, DType.INT32));
    }
}
