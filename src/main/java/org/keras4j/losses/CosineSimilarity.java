package org.keras4j.losses;

import java.util.Map;
import org.keras4j.graph.Tensor;

/** The negative cosine of the angle between labels and predictions. */
public final class CosineSimilarity extends BaseLoss<CosineSimilarity> {
    private int axis = -1;

    public CosineSimilarity() {
        super("cosine_similarity");
    }

    public CosineSimilarity(int axis) {
        this();
        axis(axis);
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
    protected Tensor values(Tensor yTrue, Tensor yPred) {
        return Regression.cosine(yTrue, yPred, axis);
    }

    /** Has what Keras writes, and what it forgets to write only where it is not the default. */
    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        if (axis != -1) config.put("axis", axis);
        return config;
    }
}
