package org.keras4j.metrics;

import org.keras4j.graph.Tensor;

/** The mean margin by which the greatest wrong class is not at least 1 below the right one. */
public final class CategoricalHinge extends FunctionMetric<CategoricalHinge> {
    public CategoricalHinge() {
        super("categorical_hinge");
    }

    public CategoricalHinge(String name) {
        super(name);
    }

    @Override
    protected CategoricalHinge self() {
        return this;
    }

    @Override
    Tensor values(Tensor yTrue, Tensor yPred) {
        return new org.keras4j.losses.CategoricalHinge().unreduced(yTrue, yPred);
    }

    @Override
    public Direction direction() {
        return Direction.DOWN;
    }
}
