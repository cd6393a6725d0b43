package org.keras4j.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.backend.Backends;
import org.keras4j.callbacks.History;
import org.keras4j.layers.Dense;
import org.keras4j.layers.Dropout;
import org.keras4j.layers.Input;
import org.keras4j.optimizers.Adam;
import org.keras4j.utils.RandomSeeds;

class SequentialTest {
    @BeforeEach
    void start() {
        Backends.use("reference");
        RandomSeeds.setRandomSeed(7);
    }

    private static Sequential classifier() {
        var model = new Sequential(
                new Input(4), new Dense(16).activation("relu"), new Dropout(0.1), new Dense(3).activation("softmax"));
        model.compile(c -> c.optimizer(new Adam(0.01))
                .loss("sparse_categorical_crossentropy")
                .metrics("accuracy"));
        return model;
    }

    /** Three clouds of points. */
    private static float[][] points(int n) {
        var random = new Random(1);
        var x = new float[n][4];
        for (int i = 0; i < n; i++)
            for (int k = 0; k < 4; k++) x[i][k] = (float) (random.nextGaussian() * 0.4 + (i % 3 == k ? 2 : 0));
        return x;
    }

    private static int[] labels(int n) {
        var y = new int[n];
        for (int i = 0; i < n; i++) y[i] = i % 3;
        return y;
    }

    @Test
    void learnsAndReportsHistory() {
        Sequential model = classifier();
        History h = model.fit(
                points(150),
                labels(150),
                f -> f.epochs(8).batchSize(16).verbose(0).validationSplit(0.2));
        assertEquals(
                List.of("accuracy", "loss", "val_accuracy", "val_loss"),
                List.copyOf(h.history().keySet()));
        assertEquals(8, h.get("loss").size());
        assertTrue(
                h.get("loss").getLast() < h.get("loss").getFirst() * 0.7,
                h.get("loss").toString());
        Map<String, Double> scores = model.evaluate(points(60), labels(60));
        assertTrue(scores.get("accuracy") > 0.9, scores.toString());
    }

    @Test
    void predictsTheSameInAnyBatchSizeAndThread() throws Exception {
        Sequential model = classifier();
        float[] whole = model.predict(points(50), p -> p.batchSize(50)).floats();
        assertArrayEquals(whole, model.predict(points(50), p -> p.batchSize(7)).floats(), 1e-6f);
        var failures = new ConcurrentLinkedQueue<Throwable>();
        var threads = new Thread[4];
        for (int i = 0; i < threads.length; i++) {
            threads[i] = Thread.ofPlatform().start(() -> {
                try {
                    for (int k = 0; k < 20; k++)
                        assertArrayEquals(
                                whole,
                                model.predict(points(50), p -> p.batchSize(50)).floats());
                } catch (Throwable t) {
                    failures.add(t);
                }
            });
        }
        for (Thread t : threads) t.join();
        assertTrue(failures.isEmpty(), failures.toString());
    }

    @Test
    void savesAndLoadsWithOptimizer(@TempDir Path dir) {
        Sequential model = classifier();
        model.fit(points(60), labels(60), f -> f.epochs(2).verbose(0));
        Path file = dir.resolve("model.keras");
        model.save(file);
        Model loaded = Models.loadModel(file);
        assertArrayEquals(
                model.predict(points(9)).floats(), loaded.predict(points(9)).floats());
        assertEquals(
                model.optimizer().variables().size(),
                loaded.optimizer().variables().size());
        for (int i = 0; i < model.optimizer().variables().size(); i++)
            assertEquals(
                    model.optimizer().variables().get(i).numpy(),
                    loaded.optimizer().variables().get(i).numpy());
        assertEquals(
                model.evaluate(points(30), labels(30)).get("loss"),
                loaded.evaluate(points(30), labels(30)).get("loss"),
                1e-6);
    }

    @Test
    void badDataIsRefused() {
        Sequential model = classifier();
        assertMessage("expected input", () -> model.predict(new float[2][5]), "(None, 4)", "(2, 5)");
        assertMessage(
                "classes from 0 to 2", () -> model.fit(points(3), new int[] {0, 1, 3}, f -> f.verbose(0)), "got 3");
        assertMessage("got NaN", () -> model.fit(points(2), new float[] {0, Float.NaN}, f -> f.verbose(0)));
        assertMessage("same number of samples", () -> model.fit(points(2), labels(3), f -> f.verbose(0)));
        assertMessage("at least one sample", () -> model.predict(NDArray.of(Shape.of(0, 4), new float[0])));
        var raw = new Sequential(new Input(4), new Dense(2));
        assertMessage("not compiled", () -> raw.fit(points(2), labels(2)));
        assertMessage("known:", () -> raw.compile(c -> c.optimizer("adm")), "adam");
    }

    private static void assertMessage(String part, org.junit.jupiter.api.function.Executable action, String... more) {
        var e = assertThrows(RuntimeException.class, action);
        assertTrue(e.getMessage().contains(part), e.getMessage());
        for (String m : more) assertTrue(e.getMessage().contains(m), e.getMessage());
    }

    @Test
    void summaryShowsLayersAndCounts() {
        String text = classifier().summary();
        assertTrue(text.contains("(Dense)"), text);
        assertTrue(text.contains("(None, 16)"), text);
        assertTrue(text.contains(" Total params: 131 (524.00 B)"), text);
    }

    @Test
    void builtByFirstDataWithoutInput() {
        var model = new Sequential(new Dense(3), new Dense(2));
        assertEquals(Shape.of(5, 2), model.predict(new float[5][7]).shape());
        assertEquals(7 * 3 + 3 + 3 * 2 + 2, model.countParams());
        assertEquals(Shape.of(5, 3), model.layers(0).predict(new float[5][7]).shape());
    }
}
