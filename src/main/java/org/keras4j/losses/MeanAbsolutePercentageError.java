package org.keras4j.losses;

import org.keras4j.graph.Tensor;

/** The mean of {@code 100 * abs((yTrue - yPred) / yTrue)} over the last axis. */
public final class MeanAbsolutePercentageError extends BaseLoss<MeanAbsolutePercentageError> {
    public MeanAbsolutePercentageError() {
        super("mean_absolute_percentage_error");
    }

    @Override
    protected MeanAbsolutePercentageError self() {
        return this;
    }

    @Override
    protected Tensor values(Tensor yTrue, Tensor yPred) {
        return Regression.percentage(yTrue, yPred);
    }
}
