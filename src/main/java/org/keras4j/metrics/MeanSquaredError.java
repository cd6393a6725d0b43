package org.keras4j.metrics;

import org.keras4j.graph.Tensor;

/** The mean of {@code (yTrue - yPred) ^ 2}. */
public final class MeanSquaredError extends FunctionMetric<MeanSquaredError> {
    public MeanSquaredError() {
        super("mean_squared_error");
    }

    public MeanSquaredError(String name) {
        super(name);
    }

    @Override
    protected MeanSquaredError self() {
        return this;
    }

    @Override
    Tensor values(Tensor yTrue, Tensor yPred) {
        return new org.keras4j.losses.MeanSquaredError().unreduced(yTrue, yPred);
    }

    @Override
    public Direction direction() {
        return Direction.DOWN;
    }
}
