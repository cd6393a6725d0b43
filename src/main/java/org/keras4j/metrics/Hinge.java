package org.keras4j.metrics;

import org.keras4j.graph.Tensor;

/** The mean of {@code max(1 - yTrue * yPred, 0)}; labels are -1 and 1, or 0 and 1. */
public final class Hinge extends FunctionMetric<Hinge> {
    public Hinge() {
        super("hinge");
    }

    public Hinge(String name) {
        super(name);
    }

    @Override
    protected Hinge self() {
        return this;
    }

    @Override
    Tensor values(Tensor yTrue, Tensor yPred) {
        return new org.keras4j.losses.Hinge().unreduced(yTrue, yPred);
    }

    @Override
    public Direction direction() {
        return Direction.DOWN;
    }
}
