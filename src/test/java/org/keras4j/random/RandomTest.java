package org.keras4j.random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.backend.Backends;
import org.keras4j.graph.Function;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Trace;
import org.keras4j.ops.K;

/** Moments of many samples lie within about five standard errors of what the distribution says. */
class RandomTest {
    private static final int N = 40_000;
    private static final Shape MANY = Shape.of(N);

    @BeforeAll
    static void reference() {
        Backends.use("reference");
    }

    private static void moments(Tensor samples, double mean, double variance) {
        double[] x = samples.doubles();
        double average = Arrays.stream(x).average().orElseThrow();
        double spread = Arrays.stream(x).map(v -> (v - average) * (v - average)).sum() / x.length;
        assertEquals(mean, average, 5 * Math.sqrt(variance / x.length), "mean");
        assertEquals(variance, spread, 0.05 * variance, "variance");
    }

    @Test
    void distributionsHaveTheirMoments() {
        Tensor seed = SeedGenerator.fixed(42);
        moments(Random.normal(MANY, 3, 2, DType.FLOAT32, seed), 3, 4);
        moments(Random.uniform(MANY, -1, 2, DType.FLOAT32, seed), 0.5, 9.0 / 12);
        moments(Random.truncatedNormal(MANY, 0, 1, DType.FLOAT32, seed), 0, 0.774);
        moments(K.cast(Random.bernoulli(MANY, 0.3, seed), DType.FLOAT32), 0.3, 0.21);
        moments(K.cast(Random.randint(MANY, -3, 7, DType.INT32, seed), DType.FLOAT32), 1.5, 99.0 / 12);
        moments(Random.gamma(MANY, K.constant(2.5), DType.FLOAT32, seed), 2.5, 2.5);
        moments(Random.gamma(MANY, K.constant(0.4), DType.FLOAT32, seed), 0.4, 0.4);
        moments(Random.beta(MANY, K.constant(2.0), K.constant(3.0), DType.FLOAT32, seed), 0.4, 0.04);
        moments(Random.binomial(MANY, K.constant(10), K.constant(0.25), DType.FLOAT32, seed), 2.5, 1.875);
    }

    @Test
    void boundsHold() {
        Tensor seed = SeedGenerator.fixed(7);
        double[] cut = Random.truncatedNormal(MANY, 1, 0.5, DType.FLOAT32, seed).doubles();
        assertTrue(Arrays.stream(cut).allMatch(x -> x >= 0 && x <= 2));
        int[] whole = Random.randint(MANY, 0, 3, DType.INT32, seed).ints();
        assertArrayEquals(
                new int[] {0, 1, 2}, Arrays.stream(whole).distinct().sorted().toArray());
    }

    @Test
    void categoricalFollowsTheLogits() {
        Tensor logits = K.constant(new float[][] {{0, (float) Math.log(3)}, {-50, 0}});
        Tensor drawn = Random.categorical(logits, N, DType.INT32, SeedGenerator.fixed(3));
        double[] share = K.mean(drawn, 1).doubles();
        assertEquals(0.75, share[0], 0.02);
        assertEquals(1, share[1], 0);
    }

    @Test
    void dropoutKeepsTheMean() {
        Tensor x = K.ones(Shape.of(200, 200), DType.FLOAT32);
        Tensor y = Random.dropout(x, 0.25, null, SeedGenerator.fixed(1));
        assertEquals(1, K.mean(y).item(), 0.02);
        double[] values = Arrays.stream(y.doubles()).distinct().sorted().toArray();
        assertArrayEquals(new double[] {0, 1 / 0.75}, values, 1e-6);
        Tensor rows = Random.dropout(x, 0.5, Shape.of(200, 1), SeedGenerator.fixed(1));
        assertArrayEquals(K.max(rows, 1).doubles(), K.min(rows, 1).doubles());
    }

    @Test
    void shufflePermutes() {
        int[] y = Random.shuffle(K.arange(100), 0, SeedGenerator.fixed(5)).ints();
        assertFalse(Arrays.equals(K.arange(100).ints(), y));
        assertArrayEquals(K.arange(100).ints(), Arrays.stream(y).sorted().toArray());
    }

    @Test
    void generatorGoesOnAtEachUseAndEachRun() {
        var generator = new SeedGenerator(11);
        assertArrayEquals(new int[] {11, 0}, generator.next().ints());
        assertArrayEquals(new int[] {11, 1}, generator.next().ints());
        try (Trace trace = Trace.open()) {
            Tensor a = Random.uniform(Shape.of(3), 0, 1, DType.FLOAT32, generator.next());
            Tensor b = Random.uniform(Shape.of(3), 0, 1, DType.FLOAT32, generator.next());
            Function f = Function.of(List.of(), List.of(a, b), trace.updates());
            List<NDArray> first = f.run(List.of());
            List<NDArray> second = f.run(List.of());
            assertFalse(first.get(0).equals(first.get(1)));
            assertFalse(first.get(0).equals(second.get(0)));
        }
        assertArrayEquals(new int[] {11, 6}, generator.state().numpy().ints());
    }
}
