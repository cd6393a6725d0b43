package org.keras4j.losses;

import org.keras4j.graph.Tensor;

/** The mean of {@code (yTrue - yPred) ^ 2} over the last axis. */
public final class MeanSquaredError extends BaseLoss<MeanSquaredError> {
    public MeanSquaredError() {
        super("mean_squared_error");
    }

    @Override
    protected MeanSquaredError self() {
        return this;
    }

    @Override
    protected Tensor values(Tensor yTrue, Tensor yPred) {
        return Regression.squared(yTrue, yPred);
    }
}
