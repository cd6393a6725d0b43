package org.keras4j.metrics;

import java.util.Map;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;

/** How often the label is among the k greatest predictions: {@code yTrue[..., classes], yPred[..., classes]}. */
public final class TopKCategoricalAccuracy extends FunctionMetric<TopKCategoricalAccuracy> {
    private int k = 5;

    public TopKCategoricalAccuracy() {
        super("top_k_categorical_accuracy");
    }

    public TopKCategoricalAccuracy(int k) {
        this();
        k(k);
    }

    /** Sets how many of the greatest predictions may be the label. */
    public TopKCategoricalAccuracy k(int k) {
        this.k = k;
        return this;
    }

    @Override
    protected TopKCategoricalAccuracy self() {
        return this;
    }

    @Override
    Tensor values(Tensor yTrue, Tensor yPred) {
        if (yTrue.rank() != yPred.rank()) throw mismatch("one-hot labels of y_pred's shape", yTrue, yPred);
        return CorrectPredictions.topK(K.argmax(yTrue, -1), yPred, k);
    }

    @Override
    public Direction direction() {
        return Direction.UP;
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("k", k);
        return config;
    }
}
