package org.keras4j.losses;

import org.keras4j.graph.Tensor;

/** The mean of {@code log(cosh(yPred - yTrue))} over the last axis. */
public final class LogCosh extends BaseLoss<LogCosh> {
    public LogCosh() {
        super("log_cosh");
    }

    @Override
    protected LogCosh self() {
        return this;
    }

    @Override
    protected Tensor values(Tensor yTrue, Tensor yPred) {
        return Regression.logCosh(yTrue, yPred);
    }
}
