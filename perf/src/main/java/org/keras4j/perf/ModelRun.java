package org.keras4j.perf;

import java.util.ArrayList;
import java.util.List;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.callbacks.LambdaCallback;
import org.keras4j.graph.Function;
import org.keras4j.models.Model;

/** Measures one model: epochs of {@code fit} after warming up, and single predictions. */
final class ModelRun {
    private static final int FEWEST = 5;

    private final Workload workload;
    private final double seconds;
    private final Model model;

    ModelRun(Workload workload, double seconds) {
        this.workload = workload;
        this.seconds = seconds;
        model = workload.make();
    }

    /** Returns samples of each number that is measured of this model. */
    List<Measurements> all() {
        List<Measurements> all = new ArrayList<>();
        if (workload.name().equals("tiny")) all.addAll(latencies());
        if (workload.name().equals("transformer") || workload.name().equals("resnet50")) all.add(predictions());
        all.add(training());
        return all;
    }

    private Measurements training() {
        NDArray x = workload.x(workload.samples());
        NDArray y = workload.y(workload.samples());
        List<Double> warm = new ArrayList<>();
        epochs(x, y, seconds / 2, warm);
        List<Double> times = new ArrayList<>();
        epochs(x, y, seconds, times);
        double[] rates = times.stream().mapToDouble(t -> workload.samples() / t).toArray();
        return new Measurements(workload.name() + "_fit", "samples/s", rates);
    }

    /** Trains until the time is over, and adds the seconds of each epoch. */
    private void epochs(NDArray x, NDArray y, double limit, List<Double> times) {
        long[] start = {System.nanoTime(), 0};
        var timer = new LambdaCallback()
                .onEpochBegin(e -> start[1] = System.nanoTime())
                .onEpochEnd((e, logs) -> {
                    long now = System.nanoTime();
                    times.add((now - start[1]) * 1e-9);
                    if (times.size() >= FEWEST && now - start[0] > limit * 1e9) model.stopTraining(true);
                });
        model.fit(
                x,
                y,
                f -> f.batchSize(workload.batch())
                        .epochs(Integer.MAX_VALUE)
                        .verbose(0)
                        .callbacks(timer));
    }

    private List<Measurements> latencies() {
        NDArray x = workload.x(1);
        Shape shape = x.shape();
        Function f = model.predictFunction(shape);
        NDArray[] in = {x};
        NDArray[] out = {
            NDArray.zeros(
                    f.outputSpecs().getFirst().dtype(),
                    f.outputSpecs().getFirst().shape())
        };
        String name = workload.name();
        return List.of(
                latency(name + "_b1_predict", 1, () -> model.predict(x, p -> p.verbose(0))),
                latency(name + "_b1_predict_on_batch", 1, () -> model.predictOnBatch(x)),
                latency(name + "_b1_jitted_raw", 100, () -> f.run(in, out)));
    }

    private Measurements predictions() {
        NDArray x = workload.x(workload.batch());
        Measurements us = latency("", 1, () -> model.predictOnBatch(x));
        double[] ms = us.values().clone();
        for (int i = 0; i < ms.length; i++) ms[i] /= 1e3;
        return new Measurements(workload.name() + "_predict_b" + workload.batch(), "ms", ms);
    }

    /** Measures in microseconds, {@code many} calls together where one is shorter than the clock is exact. */
    private Measurements latency(String name, int many, Runnable call) {
        long warm = System.nanoTime();
        while (System.nanoTime() - warm < seconds * 0.2e9) call.run();
        List<Double> times = new ArrayList<>();
        long start = System.nanoTime();
        while (times.size() < FEWEST || System.nanoTime() - start < seconds * 0.2e9) {
            long from = System.nanoTime();
            for (int i = 0; i < many; i++) call.run();
            times.add((System.nanoTime() - from) * 1e-3 / many);
        }
        return new Measurements(name, "us", times.stream().mapToDouble(t -> t).toArray());
    }
}
