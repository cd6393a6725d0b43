package org.keras4j.perf;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.models.Model;

/**
 * A model with random data of the kind that it takes.
 *
 * @param batch samples in a train step
 * @param steps train steps in an epoch
 * @param sample the shape of one sample, without the batch axis
 * @param tokens for a model of whole numbers how many there are, 1 for one-hot vectors, 0 for random numbers
 * @param classes the number of labels; 2 for a yes or no
 */
record Workload(
        String name, int batch, int steps, Shape sample, int tokens, int classes, String loss, Supplier<Model> maker) {
    private static final String SPARSE = "sparse_categorical_crossentropy";

    static final List<Workload> ALL = List.of(
            new Workload("tiny", 32, 100, Shape.of(4), 0, 3, SPARSE, Networks::tiny),
            new Workload("mlp", 128, 200, Shape.of(784), 0, 10, SPARSE, Networks::mlp),
            new Workload("cnn", 128, 12, Shape.of(28, 28, 1), 0, 10, SPARSE, Networks::cnn),
            new Workload("digits", 32, 45, Shape.of(8, 8, 1), 0, 10, SPARSE, Networks::digits),
            new Workload("resnet20", 64, 12, Shape.of(32, 32, 3), 0, 10, SPARSE, Networks::resnet20),
            new Workload("lstm", 128, 12, Shape.of(40, 64), 1, 64, SPARSE, Networks::lstm),
            new Workload("imdb", 32, 20, Shape.of(200), 20_000, 2, "binary_crossentropy", Networks::imdb),
            new Workload("transformer", 16, 12, Shape.of(128, 256), 0, 10, SPARSE, Networks::transformer));

    /** For GPUs: measured when they are named. */
    private static final List<Workload> LARGE =
            List.of(new Workload("resnet50", 64, 6, Shape.of(224, 224, 3), 0, 1000, SPARSE, Networks::resnet50));

    /** Returns the workload of a name. */
    static Workload named(String name) {
        List<Workload> all = new ArrayList<>(ALL);
        all.addAll(LARGE);
        for (Workload w : all) if (w.name.equals(name)) return w;
        String known = all.stream().map(Workload::name).collect(Collectors.joining(", "));
        throw new IllegalArgumentException("Unknown model \"" + name + "\"; known: " + known);
    }

    /** Returns the model, compiled with Adam and accuracy. */
    Model make() {
        Model model = maker.get();
        model.compile(c -> c.optimizer("adam").loss(loss).metrics("accuracy"));
        return model;
    }

    int samples() {
        return batch * steps;
    }

    NDArray x(int samples) {
        var random = new SplittableRandom(samples);
        Shape shape = Shape.of(samples).concat(sample);
        if (tokens > 1) return NDArray.of(shape, whole(random, shape.size(), tokens));
        float[] x = new float[shape.size()];
        int last = sample.last();
        if (tokens == 1) for (int i = 0; i < x.length; i += last) x[i + random.nextInt(last)] = 1;
        else for (int i = 0; i < x.length; i++) x[i] = (float) random.nextDouble();
        return NDArray.of(shape, x);
    }

    NDArray y(int samples) {
        return NDArray.of(Shape.of(samples), whole(new SplittableRandom(1), samples, classes));
    }

    private static int[] whole(SplittableRandom random, int n, int below) {
        int[] values = new int[n];
        for (int i = 0; i < n; i++) values[i] = random.nextInt(below);
        return values;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%s, batch %d, %d steps an epoch", name, batch, steps);
    }
}
