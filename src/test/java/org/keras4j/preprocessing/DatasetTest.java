package org.keras4j.preprocessing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.StringArray;
import org.keras4j.backend.Backends;
import org.keras4j.layers.Dense;
import org.keras4j.layers.Input;
import org.keras4j.models.Batch;
import org.keras4j.models.Sequential;
import org.keras4j.optimizers.SGD;
import org.keras4j.utils.RandomSeeds;

class DatasetTest {
    private static final float[][] X = {{0}, {1}, {2}, {3}, {4}, {5}, {6}};
    private static final int[] Y = {0, 10, 20, 30, 40, 50, 60};

    private static List<Integer> labels(Dataset data) {
        List<Integer> all = new ArrayList<>();
        for (Batch b : data) for (int y : ((NDArray) b.y()).ints()) all.add(y);
        return all;
    }

    @Test
    void arraysInBatches() {
        Dataset data = Dataset.of(X, Y).batch(3);
        assertEquals(3, data.size());
        assertEquals(7, data.samples());
        Iterator<Batch> walk = data.iterator();
        Batch first = walk.next();
        assertEquals(NDArray.of(Shape.of(3, 1), 0f, 1, 2), first.x());
        assertEquals(NDArray.of(Shape.of(3), 0, 10, 20), first.y());
        walk.next();
        assertEquals(NDArray.of(Shape.of(1, 1), 6f), walk.next().x());
        assertEquals(2, Dataset.of(X, Y).batch(3, true).stream().count());
    }

    @Test
    void samplesAreStackedInTheirStructure() {
        Dataset data = Dataset.ofSamples(4, i -> new Batch(Map.of("a", new float[] {i, -i}, "b", "s" + i), i, i / 2.0))
                .batch(2);
        Batch second = data.stream().skip(1).findFirst().orElseThrow();
        Map<?, ?> x = (Map<?, ?>) second.x();
        assertEquals(NDArray.of(Shape.of(2, 2), 2f, -2, 3, -3), x.get("a"));
        assertEquals(StringArray.of(Shape.of(2), "s2", "s3"), x.get("b"));
        assertEquals(NDArray.of(Shape.of(2), 2, 3), second.y());
        assertEquals(NDArray.of(Shape.of(2), 1.0, 1.5), second.sampleWeight());
        Dataset uneven = Dataset.ofSamples(2, i -> new Batch(new float[i + 1], 0));
        var e = assertThrows(
                IllegalArgumentException.class, () -> uneven.iterator().next());
        assertTrue(e.getMessage().contains("(1,)") && e.getMessage().contains("(2,)"), e.getMessage());
    }

    @Test
    void shufflesAnewInEachWalk() {
        Dataset data = Dataset.of(X, Y).shuffle(5).batch(2);
        List<Integer> first = labels(data);
        List<Integer> second = labels(data);
        assertNotEquals(first, second);
        assertEquals(first, labels(Dataset.of(X, Y).shuffle(5).batch(2)));
        first.sort(null);
        assertEquals(Arrays.stream(Y).boxed().toList(), first);
    }

    @Test
    void splitsAsKerasRounds() {
        int[][] expected = {{2, 8}, {4, 6}, {8, 2}};
        double[] fractions = {0.25, 0.35, 0.8};
        for (int i = 0; i < fractions.length; i++) {
            Dataset.Parts parts = Dataset.of(new float[10]).split(fractions[i]);
            assertEquals(expected[i][0], parts.left().samples());
            assertEquals(expected[i][1], parts.right().samples());
        }
        assertEquals(List.of(20, 30), labels(Dataset.of(X, Y).skip(2).take(2)));
        assertThrows(IllegalArgumentException.class, () -> Dataset.of(X, Y).split(0.01));
        assertThrows(IllegalArgumentException.class, () -> Dataset.of(X, new int[3]));
    }

    @Test
    void prefetchKeepsTheOrderAndItsBounds() throws InterruptedException {
        var begun = new AtomicInteger();
        var atOnce = new AtomicInteger();
        var most = new AtomicInteger();
        Dataset slow = Dataset.ofBatches(20, i -> {
                    begun.incrementAndGet();
                    most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
                    try {
                        Thread.sleep(i % 3 * 5L);
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    atOnce.decrementAndGet();
                    return new Batch(new float[][] {{i}}, new int[] {i});
                })
                .prefetch(4, 2);
        List<Integer> seen = new ArrayList<>();
        for (Batch b : slow) seen.add(((int[]) b.y())[0]);
        assertEquals(Fixed.upTo(20), seen);
        assertTrue(most.get() <= 2, "at once: " + most);
        begun.set(0);
        slow.iterator().next();
        Thread.sleep(60);
        assertTrue(begun.get() <= 5, "begun: " + begun);
        assertThrows(IllegalStateException.class, () -> slow.batch(3));
    }

    @Test
    void aFailingReaderFailsTheWalk() {
        Dataset bad = Dataset.ofSamples(3, i -> {
                    if (i == 2) throw new IllegalArgumentException("sample 2 is broken");
                    return new Batch(i, i);
                })
                .batch(1)
                .prefetch(2);
        Iterator<Batch> walk = bad.iterator();
        walk.next();
        walk.next();
        assertEquals(
                "sample 2 is broken",
                assertThrows(IllegalArgumentException.class, walk::next).getMessage());
    }

    @Test
    void trainsEvaluatesAndPredictsAsArraysDo() {
        Backends.use("reference");
        RandomSeeds.setRandomSeed(1);
        var model = new Sequential(new Input(1), new Dense(1).kernelInitializer("ones"));
        model.compile(c -> c.optimizer(new SGD(0.01)).loss("mse"));
        List<NDArray> start = model.getWeights();
        float[] y = {1, 3, 5, 7, 9, 11, 13};
        double expected = model.fit(
                        X, y, f -> f.epochs(3).batchSize(4).shuffle(false).verbose(0))
                .get("loss")
                .getLast();
        NDArray predicted = model.predict(X);
        model.setWeights(start);
        Dataset data = Dataset.of(X, y).batch(4).map(b -> b).prefetch(2);
        assertEquals(
                expected,
                model.fit(data, f -> f.epochs(3).verbose(0)).get("loss").getLast());
        assertEquals(predicted, model.predict(data));
        assertEquals(model.evaluate(X, y, o -> o.batchSize(4)), model.evaluate(data, o -> {}));
    }

    private static final class Fixed {
        static List<Integer> upTo(int n) {
            List<Integer> all = new ArrayList<>();
            for (int i = 0; i < n; i++) all.add(i);
            return all;
        }
    }
}
