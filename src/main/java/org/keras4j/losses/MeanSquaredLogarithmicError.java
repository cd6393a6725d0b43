package org.keras4j.losses;

import org.keras4j.graph.Tensor;

/** The mean of {@code (log(1 + yTrue) - log(1 + yPred)) ^ 2} over the last axis; negative numbers count as 0. */
public final class MeanSquaredLogarithmicError extends BaseLoss<MeanSquaredLogarithmicError> {
    public MeanSquaredLogarithmicError() {
        super("mean_squared_logarithmic_error");
    }

    @Override
    protected MeanSquaredLogarithmicError self() {
        return this;
    }

    @Override
    protected Tensor values(Tensor yTrue, Tensor yPred) {
        return Regression.squaredLogarithmic(yTrue, yPred);
    }
}
