package org.keras4j.metrics;

import java.util.Map;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;

/** The mean cosine of the angle between labels and predictions. */
public final class CosineSimilarity extends FunctionMetric<CosineSimilarity> {
    private int axis = -1;

    public CosineSimilarity() {
        super("cosine_similarity");
    }

    public CosineSimilarity(String name) {
        super(name);
    }

    /** Sets the axis that vectors lie along. */
    public CosineSimilarity axis(int axis) {
        this.axis = axis;
        return this;
    }

    @Override
    protected CosineSimilarity self() {
        return this;
    }

    @Override
    Tensor values(Tensor yTrue, Tensor yPred) {
        return K.negative(new org.keras4j.losses.CosineSimilarity(axis).unreduced(yTrue, yPred));
    }

    @Override
    public Direction direction() {
        return Direction.UP;
    }

    /** Has what Keras writes, and what it forgets to write only where it is not the default. */
    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        if (axis != -1) config.put("axis", axis);
        return config;
    }
}
