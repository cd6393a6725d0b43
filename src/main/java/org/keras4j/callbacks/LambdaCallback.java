package org.keras4j.callbacks;

import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** Calls functions at the points of a training. */
public final class LambdaCallback extends Callback {
    private @Nullable Runnable trainBegin;
    private @Nullable Runnable trainEnd;
    private @Nullable IntConsumer epochBegin;
    private @Nullable BiConsumer<Integer, Map<String, Double>> epochEnd;
    private @Nullable IntConsumer trainBatchBegin;
    private @Nullable BiConsumer<Integer, Map<String, Double>> trainBatchEnd;

    public LambdaCallback onTrainBegin(Runnable action) {
        trainBegin = action;
        return this;
    }

    public LambdaCallback onTrainEnd(Runnable action) {
        trainEnd = action;
        return this;
    }

    public LambdaCallback onEpochBegin(IntConsumer action) {
        epochBegin = action;
        return this;
    }

    public LambdaCallback onEpochEnd(BiConsumer<Integer, Map<String, Double>> action) {
        epochEnd = action;
        return this;
    }

    public LambdaCallback onTrainBatchBegin(IntConsumer action) {
        trainBatchBegin = action;
        return this;
    }

    public LambdaCallback onTrainBatchEnd(BiConsumer<Integer, Map<String, Double>> action) {
        trainBatchEnd = action;
        return this;
    }

    @Override
    public void onTrainBegin() {
        if (trainBegin != null) trainBegin.run();
    }

    @Override
    public void onTrainEnd(Map<String, Double> logs) {
        if (trainEnd != null) trainEnd.run();
    }

    @Override
    public void onEpochBegin(int epoch) {
        if (epochBegin != null) epochBegin.accept(epoch);
    }

    @Override
    public void onEpochEnd(int epoch, Map<String, Double> logs) {
        if (epochEnd != null) epochEnd.accept(epoch, logs);
    }

    @Override
    public void onTrainBatchBegin(int batch) {
        if (trainBatchBegin != null) trainBatchBegin.accept(batch);
    }

    @Override
    public void onTrainBatchEnd(int batch, Map<String, Double> logs) {
        if (trainBatchEnd != null) trainBatchEnd.accept(batch, logs);
    }
}
