package org.keras4j.metrics;

import java.util.Map;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;

/** How often the label is among the k greatest predictions: {@code yTrue[...] or [..., 1], yPred[..., classes]}. */
public final class SparseTopKCategoricalAccuracy extends FunctionMetric<SparseTopKCategoricalAccuracy> {
    private int k = 5;
    private boolean fromSortedIds = false;

    public SparseTopKCategoricalAccuracy() {
        super("sparse_top_k_categorical_accuracy");
    }

    public SparseTopKCategoricalAccuracy(int k) {
        this();
        k(k);
    }

    /** Sets how many of the greatest predictions may be the label. */
    public SparseTopKCategoricalAccuracy k(int k) {
        this.k = k;
        return this;
    }

    /** Says whether predictions are class numbers, the most likely first, instead of scores. */
    public SparseTopKCategoricalAccuracy fromSortedIds(boolean fromSortedIds) {
        this.fromSortedIds = fromSortedIds;
        return this;
    }

    @Override
    protected SparseTopKCategoricalAccuracy self() {
        return this;
    }

    @Override
    Tensor values(Tensor yTrue, Tensor yPred) {
        Tensor label = yTrue.rank() == yPred.rank() && yTrue.shape().last() == 1 ? K.squeeze(yTrue, -1) : yTrue;
        if (!label.shape().equals(yPred.shape().slice(0, -1)))
            throw mismatch("y_true to have y_pred's shape without its classes", yTrue, yPred);
        return fromSortedIds
                ? CorrectPredictions.amongFirst(label, yPred, k)
                : CorrectPredictions.topK(label, yPred, k);
    }

    @Override
    public Direction direction() {
        return Direction.UP;
    }

    /** Has what Keras writes, and what it forgets to write only where it is not the default. */
    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("k", k);
        if (fromSortedIds) config.put("from_sorted_ids", true);
        return config;
    }
}
