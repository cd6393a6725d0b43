package org.keras4j.perf;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.layers.InputLayer;
import org.keras4j.models.Model;
import org.keras4j.models.Models;

/**
 * Measures predictions of a model that a file holds, on random data: floats from 0 to 1, whole numbers from 0 to 99.
 */
final class FileRun {
    private static final int[] BATCHES = {1, 16};
    private static final int FEWEST = 5;
    private static final int BELOW = 100;

    private final String name;
    private final double seconds;
    private final Model model;

    FileRun(Path file, double seconds) throws IOException {
        this.seconds = seconds;
        name = name(file);
        model = Models.loadModel(file);
    }

    /** Returns the file's name without its ending. */
    static String name(Path file) {
        return file.getFileName().toString().replaceFirst("\\.[^.]*$", "");
    }

    /** Returns the milliseconds of {@code predictOnBatch} for each size of batch. */
    List<Measurements> all() {
        List<Measurements> all = new ArrayList<>();
        for (int batch : BATCHES) {
            Object x = inputs(batch);
            epochs(x, seconds / 2);
            double[] times = epochs(x, seconds);
            all.add(new Measurements(name + "_predict_b" + batch, "ms", times));
        }
        return all;
    }

    private double[] epochs(Object x, double limit) {
        List<Double> times = new ArrayList<>();
        long start = System.nanoTime();
        while (times.size() < FEWEST || System.nanoTime() - start < limit * 1e9) {
            long from = System.nanoTime();
            model.predictOnBatch(x);
            times.add((System.nanoTime() - from) * 1e-6);
        }
        return times.stream().mapToDouble(t -> t).toArray();
    }

    private Object inputs(int batch) {
        List<NDArray> inputs = new ArrayList<>();
        for (InputLayer layer : model.inputLayers()) {
            Shape row = layer.batchShape().from(1);
            if (!row.isKnown())
                throw new IllegalArgumentException(
                        "Input \"" + layer.name() + "\" has unknown sizes: " + layer.batchShape());
            inputs.add(random(layer.inputDtype(), Shape.of(batch).concat(row)));
        }
        return inputs.size() == 1 ? inputs.getFirst() : inputs;
    }

    private static NDArray random(DType dtype, Shape shape) {
        var random = new SplittableRandom(shape.size());
        NDArray x = NDArray.zeros(dtype, shape);
        boolean floating = dtype.isFloating();
        for (int i = 0; i < x.size(); i++) x.set(i, floating ? random.nextDouble() : random.nextInt(BELOW));
        return x;
    }
}
