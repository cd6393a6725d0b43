package org.keras4j.perf;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
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
    private static final int ROUNDS = 25;
    private static final String WARM_UP = "warm-up";

    @Parameters(paramLabel = "NAME", arity = "0..*", description = "Models; mlp, cnn and lstm if none is named.")
    private List<String> names = List.of();

    @Option(
            names = "--seconds",
            defaultValue = "10",
            description =
                    "To warm up each model; before the compiler is done, vectors are objects. Default: ${DEFAULT-VALUE}.")
    private double seconds;

    private long warmUp = -1;
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Override
    public Integer call() {
        for (String name : names.isEmpty() ? List.of("mlp", "cnn", "lstm") : names) {
            Workload w = Workload.named(name);
            Model model = w.make();
            System.out.printf(
                    Locale.ROOT,
                    "%-12s %9.0f bytes/train step   %9.0f bytes/predict   %9.0f bytes/prepared function%n",
                    name,
                    training(w, model),
                    predictions(w, model),
                    prepared(w, model));
        }
        return 0;
    }

    /**
     * Returns the median of epochs that follow the warming up; each counts from its second step to its last one, so
     * that begin and end of epochs are not in it.
     */
    private double training(Workload w, Model model) {
        int batches = 21;
        long start = System.nanoTime();
        long[] first = new long[1];
        boolean[] warm = new boolean[1];
        List<Double> counts = new ArrayList<>();
        var counter = new LambdaCallback().onTrainBatchBegin(batch -> {
            if (batch == 1) first[0] = allocated();
            if (batch < batches - 1) return;
            long last = allocated();
            if (isWarm(start) && warm[0]) counts.add((last - first[0]) / (batches - 2.0));
            warm[0] = isWarm(start);
            if (counts.size() == ROUNDS) model.stopTraining(true);
        });
        NDArray x = w.x(batches * w.batch());
        NDArray y = w.y(batches * w.batch());
        model.fit(
                x,
                y,
                f -> f.batchSize(w.batch()).epochs(Integer.MAX_VALUE).verbose(0).callbacks(counter));
        return median(counts);
    }

    private double predictions(Workload w, Model model) {
        NDArray x = w.x(w.batch());
        return perCall(() -> model.predict(x, p -> p.verbose(0)));
    }

    private double prepared(Workload w, Model model) {
        NDArray x = w.x(w.batch());
        Function f = model.predictFunction(x.shape());
        NDArray[] in = {x};
        NDArray[] out = {
            NDArray.zeros(
                    f.outputSpecs().getFirst().dtype(),
                    f.outputSpecs().getFirst().shape())
        };
        return perCall(() -> f.run(in, out));
    }

    private double perCall(Runnable call) {
        long start = System.nanoTime();
        while (!isWarm(start)) call.run();
        List<Double> counts = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            long before = allocated();
            for (int i = 0; i < 20; i++) call.run();
            counts.add((allocated() - before) / 20.0);
        }
        return median(counts);
    }

    private boolean isWarm(long start) {
        if (System.nanoTime() - start <= seconds * 1e9) return false;
        if (warmUp < 0) findWarmUp();
        return true;
    }

    private void findWarmUp() {
        for (Thread thread : Thread.getAllStackTraces().keySet())
            if (thread.getName().endsWith(WARM_UP)) warmUp = thread.threadId();
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    /** Returns the bytes of all threads but the one that waits for the compiler and is gone when all is warm. */
    private long allocated() {
        long bytes = threads.getTotalThreadAllocatedBytes();
        return warmUp < 0 ? bytes : bytes - threads.getThreadAllocatedBytes(warmUp);
    }
}
