package org.keras4j.models;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.keras4j.NDArray;
import org.keras4j.callbacks.Callback;
import org.keras4j.callbacks.ProgbarLogger;
import org.keras4j.op.Spec;

/** Inference over arrays, batch by batch. */
final class Predict {
    private Predict() {}

    static List<NDArray> onArrays(Model model, Object x, RunOptions options) {
        var step = new Step(model, Trainer.Mode.PREDICT, new Batch(x, null, null));
        int size = options.batchSize == null ? 32 : options.batchSize;
        Integer steps = CallbackList.steps(options.steps);
        int n = steps == null ? step.samples() : (int) Math.min(step.samples(), (long) steps * size);
        if (n <= size && n == step.samples() && options.callbacks.isEmpty() && options.verbose == 0)
            return step.outputs();
        return inBatches(model, step, n, size, options);
    }

    private static List<NDArray> inBatches(Model model, Step step, int n, int size, RunOptions options) {
        int steps = (n + size - 1) / size;
        List<Callback> callbacks = new ArrayList<>(options.callbacks);
        if (options.verbose > 0) callbacks.addFirst(new ProgbarLogger());
        var callbackList = new CallbackList(model, callbacks, new Callback.Params(1, steps, options.verbose));
        callbackList.tell(Callback::onPredictBegin);
        List<NDArray> all = new ArrayList<>();
        var rows = new int[size];
        NDArray[] parts = {};
        for (int b = 0; b < steps; b++) {
            int batch = b;
            callbackList.tell(c -> c.onPredictBatchBegin(batch));
            int count = Math.min(size, n - b * size);
            for (int i = 0; i < count; i++) rows[i] = b * size + i;
            // Only the last batch may be shorter than the others, which share their arrays.
            if (step.dependsOnBatch()) {
                parts = step.part(rows, count).outputs().toArray(NDArray[]::new);
                if (b == 0) for (NDArray part : parts) all.add(Fit.like(new Spec(part.dtype(), part.shape()), n));
                requireOneShape(model, parts, all);
            } else {
                if (b == 0 || count < size)
                    parts = results(model, step.function(count).outputSpecs(), count);
                if (b == 0) for (Spec spec : step.function(count).outputSpecs()) all.add(Fit.like(spec, n));
                step.outputs(rows, count, parts);
            }
            for (int i = 0; i < parts.length; i++)
                System.arraycopy(
                        parts[i].data(), 0, all.get(i).data(), b * size * (parts[i].size() / count), parts[i].size());
            callbackList.tell(c -> c.onPredictBatchEnd(batch));
        }
        callbackList.tell(Callback::onPredictEnd);
        return all;
    }

    static List<NDArray> onBatches(Model model, Iterable<Batch> batches, RunOptions options) {
        int known = batches instanceof Collection<?> c ? c.size() : 0;
        List<Callback> callbacks = new ArrayList<>(options.callbacks);
        if (options.verbose > 0) callbacks.addFirst(new ProgbarLogger());
        Integer limit = CallbackList.steps(options.steps);
        int steps = limit == null ? known : limit;
        var callbackList = new CallbackList(model, callbacks, new Callback.Params(1, steps, options.verbose));
        callbackList.tell(Callback::onPredictBegin);
        List<List<NDArray>> parts = new ArrayList<>();
        for (Batch b : batches) {
            if (limit != null && parts.size() == limit) break;
            int batch = parts.size();
            callbackList.tell(c -> c.onPredictBatchBegin(batch));
            parts.add(new Step(model, Trainer.Mode.PREDICT, new Batch(b.x(), null, null)).outputs());
            requireOneShape(model, parts.getLast().toArray(NDArray[]::new), parts.getFirst());
            callbackList.tell(c -> c.onPredictBatchEnd(batch));
        }
        callbackList.tell(Callback::onPredictEnd);
        if (parts.isEmpty()) throw new IllegalArgumentException("Expected at least one batch to predict, got none");
        List<NDArray> all = new ArrayList<>();
        for (int i = 0; i < parts.getFirst().size(); i++) all.add(joined(parts, i));
        return all;
    }

    private static NDArray joined(List<List<NDArray>> parts, int output) {
        int samples = 0;
        for (List<NDArray> part : parts) samples += part.get(output).shape().dim(0);
        NDArray first = parts.getFirst().get(output);
        NDArray all = NDArray.zeros(first.dtype(), first.shape().with(0, samples));
        int at = 0;
        for (List<NDArray> part : parts) {
            NDArray a = part.get(output);
            System.arraycopy(a.data(), 0, all.data(), at, a.size());
            at += a.size();
        }
        return all;
    }

    private static void requireOneShape(Model model, NDArray[] parts, List<NDArray> all) {
        for (int i = 0; i < parts.length; i++)
            if (!parts[i].shape().from(1).equals(all.get(i).shape().from(1)))
                throw new IllegalStateException(
                        model.describe() + ": output \"" + model.outputNames().get(i)
                                + "\" has rows of shape " + parts[i].shape().from(1) + " in one batch and of "
                                + all.get(i).shape().from(1) + " in another; use predictOnBatch");
    }

    /** Returns an array for each output of a batch of {@code count} samples. */
    private static NDArray[] results(Model model, List<Spec> specs, int count) {
        var results = new NDArray[specs.size()];
        for (int i = 0; i < results.length; i++) {
            Spec spec = specs.get(i);
            if (spec.shape().rank() == 0 || spec.shape().dim(0) != count)
                throw new IllegalStateException(model.describe() + ": output \""
                        + model.outputNames().get(i) + "\" has shape " + spec.shape() + " for a batch of " + count
                        + ", so batches cannot be put together; use predictOnBatch");
            results[i] = NDArray.zeros(spec.dtype(), spec.shape());
        }
        return results;
    }
}
