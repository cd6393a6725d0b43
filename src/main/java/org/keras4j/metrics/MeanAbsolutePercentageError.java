package org.keras4j.metrics;

import org.keras4j.graph.Tensor;

/** The mean of {@code 100 * abs((yTrue - yPred) / yTrue)}. */
public final class MeanAbsolutePercentageError extends FunctionMetric<MeanAbsolutePercentageError> {
    public MeanAbsolutePercentageError() {
        super("mean_absolute_percentage_error");
    }

    public MeanAbsolutePercentageError(String name) {
        super(name);
    }

    @Override
    protected MeanAbsolutePercentageError self() {
        return this;
    }

    @Override
    Tensor values(Tensor yTrue, Tensor yPred) {
        return new org.keras4j.losses.MeanAbsolutePercentageError().unreduced(yTrue, yPred);
    }

    @Override
    public Direction direction() {
        return Direction.DOWN;
    }
}
