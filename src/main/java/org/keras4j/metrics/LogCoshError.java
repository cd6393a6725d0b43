package org.keras4j.metrics;

import org.keras4j.graph.Tensor;
import org.keras4j.losses.LogCosh;

/** The mean of {@code log(cosh(yPred - yTrue))}. */
public final class LogCoshError extends FunctionMetric<LogCoshError> {
    public LogCoshError() {
        super("logcosh");
    }

    public LogCoshError(String name) {
        super(name);
    }

    @Override
    protected LogCoshError self() {
        return this;
    }

    @Override
    Tensor values(Tensor yTrue, Tensor yPred) {
        return new LogCosh().unreduced(yTrue, yPred);
    }

    @Override
    public Direction direction() {
        return Direction.DOWN;
    }
}
