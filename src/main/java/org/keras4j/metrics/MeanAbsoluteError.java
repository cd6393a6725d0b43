package org.keras4j.metrics;

import org.keras4j.graph.Tensor;

/** The mean of {@code abs(yTrue - yPred)}. */
public final class MeanAbsoluteError extends FunctionMetric<MeanAbsoluteError> {
    public MeanAbsoluteError() {
        super("mean_absolute_error");
    }

    public MeanAbsoluteError(String name) {
        super(name);
    }

    @Override
    protected MeanAbsoluteError self() {
        return this;
    }

    @Override
    Tensor values(Tensor yTrue, Tensor yPred) {
        return new org.keras4j.losses.MeanAbsoluteError().unreduced(yTrue, yPred);
    }

    @Override
    public Direction direction() {
        return Direction.DOWN;
    }
}
