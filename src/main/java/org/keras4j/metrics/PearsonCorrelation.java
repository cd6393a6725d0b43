package org.keras4j.metrics;

import java.util.Map;
import org.keras4j.graph.Tensor;
import org.keras4j.losses.Weights;
import org.keras4j.ops.K;

/** The mean correlation of labels and predictions. */
public final class PearsonCorrelation extends FunctionMetric<PearsonCorrelation> {
    private int axis = -1;

    public PearsonCorrelation() {
        super("pearson_correlation");
    }

    public PearsonCorrelation(String name) {
        super(name);
    }

    /** Sets the axis along which values vary together. */
    public PearsonCorrelation axis(int axis) {
        this.axis = axis;
        return this;
    }

    @Override
    protected PearsonCorrelation self() {
        return this;
    }

    @Override
    Tensor values(Tensor yTrue, Tensor yPred) {
        Weights.Pair fitted = Weights.sameRank(K.cast(yTrue, yPred.dtype()), yPred);
        return K.mean(K.multiply(normalize(fitted.first()), normalize(fitted.second())), axis);
    }

    private Tensor normalize(Tensor x) {
        Tensor centered = K.subtract(x, K.mean(x, axis, true));
        return K.divide(centered, K.std(centered, axis, true));
    }

    @Override
    public Direction direction() {
        return Direction.UP;
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("axis", axis);
        return config;
    }
}
