package org.keras4j.metrics;

import org.keras4j.graph.Tensor;

/** The mean of {@code max(1 - yTrue * yPred, 0) ^ 2}; labels are -1 and 1, or 0 and 1. */
public final class SquaredHinge extends FunctionMetric<SquaredHinge> {
    public SquaredHinge() {
        super("squared_hinge");
    }

    public SquaredHinge(String name) {
        super(name);
    }

    @Override
    protected SquaredHinge self() {
        return this;
    }

    @Override
    Tensor values(Tensor yTrue, Tensor yPred) {
        return new org.keras4j.losses.SquaredHinge().unreduced(yTrue, yPred);
    }

    @Override
    public Direction direction() {
        return Direction.DOWN;
    }
}
