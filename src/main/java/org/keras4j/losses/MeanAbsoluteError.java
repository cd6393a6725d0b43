package org.keras4j.losses;

import org.keras4j.graph.Tensor;

/** The mean of {@code abs(yTrue - yPred)} over the last axis. */
public final class MeanAbsoluteError extends BaseLoss<MeanAbsoluteError> {
    public MeanAbsoluteError() {
        super("mean_absolute_error");
    }

    @Override
    protected MeanAbsoluteError self() {
        return this;
    }

    @Override
    protected Tensor values(Tensor yTrue, Tensor yPred) {
        return Regression.absolute(yTrue, yPred);
    }
}
