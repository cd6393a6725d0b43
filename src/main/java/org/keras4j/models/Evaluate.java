package org.keras4j.models;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.keras4j.callbacks.Callback;
import org.keras4j.callbacks.ProgbarLogger;

/** Test steps over arrays or batches. */
final class Evaluate {
    private final Model model;
    private final int steps;
    /** Starts a pass; the result runs batch number n and says whether there was one. */
    private final Supplier<IntPredicate> pass;

    private Evaluate(Model model, int steps, Supplier<IntPredicate> pass) {
        this.model = model;
        this.steps = steps;
        this.pass = pass;
    }

    static Map<String, Double> onArrays(Model model, Object x, Object y, RunOptions options) {
        model.trainer().options();
        int size = options.batchSize == null ? 32 : options.batchSize;
        return arrays(model, new Batch(x, y, options.sampleWeight), size, options.steps)
                .run(options.callbacks, options.verbose);
    }

    static Map<String, Double> onBatches(Model model, Iterable<Batch> batches, RunOptions options) {
        model.trainer().options();
        return batches(model, batches, options.steps).run(options.callbacks, options.verbose);
    }

    static Evaluate arrays(Model model, Batch data, int batchSize, @Nullable Integer steps) {
        var step = new Step(model, Trainer.Mode.TEST, data);
        int[] all = Fit.range(step.samples());
        Integer limited = CallbackList.steps(steps);
        int most = limited == null ? all.length : (int) Math.min(all.length, (long) limited * batchSize);
        return rows(model, step, Arrays.copyOf(all, most), batchSize);
    }

    static Evaluate rows(Model model, Step step, int[] rows, int batchSize) {
        int steps = (rows.length + batchSize - 1) / batchSize;
        var batch = new int[batchSize];
        return new Evaluate(model, steps, () -> n -> {
            if (n == steps) return false;
            int count = Math.min(batchSize, rows.length - n * batchSize);
            System.arraycopy(rows, n * batchSize, batch, 0, count);
            step.runRows(batch, count);
            return true;
        });
    }

    static Evaluate batches(Model model, Iterable<Batch> batches, @Nullable Integer wanted) {
        Integer steps = CallbackList.steps(wanted);
        int known = batches instanceof Collection<?> c ? c.size() : 0;
        return new Evaluate(model, steps == null ? known : steps, () -> {
            Iterator<Batch> walk = batches.iterator();
            return n -> {
                if (steps != null && n == steps || !walk.hasNext()) return false;
                new Step(model, Trainer.Mode.TEST, walk.next()).run();
                return true;
            };
        });
    }

    Map<String, Double> run(List<Callback> given, int verbose) {
        List<Callback> callbacks = new ArrayList<>(given);
        if (verbose > 0) callbacks.addFirst(new ProgbarLogger());
        return run(new CallbackList(model, callbacks, new Callback.Params(1, steps, verbose)));
    }

    /** Runs for callbacks that are told already what they work for, as those of a training are. */
    Map<String, Double> run(CallbackList callbackList) {
        var logs = new LazyLogs(model.trainer());
        model.resetMetrics();
        callbackList.tell(Callback::onTestBegin);
        IntPredicate batches = pass.get();
        int n = 0;
        while (true) {
            int batch = n;
            callbackList.tell(c -> c.onTestBatchBegin(batch));
            if (!batches.test(n)) break;
            logs.stale();
            callbackList.tell(c -> c.onTestBatchEnd(batch, logs));
            n++;
        }
        if (n == 0) throw new IllegalArgumentException("Expected at least one batch to evaluate, got none");
        Map<String, Double> results = model.trainer().readMetrics();
        callbackList.tell(c -> c.onTestEnd(results));
        return results;
    }
}
