package org.keras4j.perf;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.keras4j.NDArray;
import org.keras4j.callbacks.LambdaCallback;
import org.keras4j.graph.Function;
import org.keras4j.models.Model;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Counts the bytes that a step allocates on the Java heap, in all threads. */
@Command(
        name = "allocations",
        description = "Counts the bytes that a train step and a prediction allocate on the Java heap once all is warm.",
        mixinStandardHelpOptions = true)
final class AllocationsCommand implements Callable<Integer> {
    @Parameters(paramLabel = "NAME", arity = "0..*", description = "Models; mlp, cnn and lstm if none is named.")
    private List<String> names = List.of();

    @Option(names = "--steps", defaultValue = "1000", description = "Train steps to count. Default: ${DEFAULT-VALUE}.")
    private int steps;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Override
    public Integer call() {
        for (String name : names.isEmpty() ? List.of("mlp", "cnn", "lstm") : names) {
            Workload w = Workload.named(name);
            Model model = w.make();
            int few = Math.max(20, steps / 5);
            System.out.printf(
                    Locale.ROOT, "%-12s %12.0f bytes/train step   %8.0f bytes/predict   %6.0f bytes/prepared function%n",
                    name, training(w, model), predictions(w, model, few), prepared(w, model, few));
        }
        return 0;
    }

    /** Counts from the second step of each epoch to its last one, so that begin and end of epochs are not in it. */
    private double training(Workload w, Model model) {
        int batches = 21;
        long[] counted = new long[3];
        var counter = new LambdaCallback().onTrainBatchBegin(batch -> {
            if (batch == 1) counted[0] = allocated();
            if (batch < batches - 1) return;
            counted[1] += allocated() - counted[0];
            counted[2] += batches - 2;
            if (counted[2] >= steps) model.stopTraining(true);
        });
        NDArray x = w.x(batches * w.batch());
        NDArray y = w.y(batches * w.batch());
        model.fit(x, y, f -> f.batchSize(w.batch()).epochs(5).verbose(0));
        model.fit(x, y, f -> f.batchSize(w.batch()).epochs(steps).verbose(0).callbacks(counter));
        return counted[1] / (double) counted[2];
    }

    private double predictions(Workload w, Model model, int times) {
        NDArray x = w.x(w.batch());
        return perCall(times, () -> model.predict(x, p -> p.verbose(0)));
    }

    private double prepared(Workload w, Model model, int times) {
        NDArray x = w.x(w.batch());
        Function f = model.predictFunction(x.shape());
        NDArray[] in = {x};
        NDArray[] out = {NDArray.zeros(f.outputSpecs().getFirst().dtype(), f.outputSpecs().getFirst().shape())};
        return perCall(times, () -> f.run(in, out));
    }

    private double perCall(int times, Runnable call) {
        for (int i = 0; i < 20; i++) call.run();
        long start = allocated();
        for (int i = 0; i < times; i++) call.run();
        return (allocated() - start) / (double) times;
    }

    private long allocated() {
        return threads.getTotalThreadAllocatedBytes();
    }
}
