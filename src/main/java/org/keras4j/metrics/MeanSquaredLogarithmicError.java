package org.keras4j.metrics;

import org.keras4j.graph.Tensor;

/** The mean of {@code (log(1 + yTrue) - log(1 + yPred)) ^ 2}; negative numbers count as 0. */
public final class MeanSquaredLogarithmicError extends FunctionMetric<MeanSquaredLogarithmicError> {
    public MeanSquaredLogarithmicError() {
        super("mean_squared_logarithmic_error");
    }

    public MeanSquaredLogarithmicError(String name) {
        super(name);
    }

    @Override
    protected MeanSquaredLogarithmicError self() {
        return this;
    }

    @Override
    Tensor values(Tensor yTrue, Tensor yPred) {
        return new org.keras4j.losses.MeanSquaredLogarithmicError().unreduced(yTrue, yPred);
    }

    @Override
    public Direction direction() {
        return Direction.DOWN;
    }
}
