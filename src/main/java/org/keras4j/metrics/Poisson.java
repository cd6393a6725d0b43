package org.keras4j.metrics;

import org.keras4j.graph.Tensor;

/** The mean of {@code yPred - yTrue * log(yPred)}. */
public final class Poisson extends FunctionMetric<Poisson> {
    public Poisson() {
        super("poisson");
    }

    public Poisson(String name) {
        super(name);
    }

    @Override
    protected Poisson self() {
        return this;
    }

    @Override
    Tensor values(Tensor yTrue, Tensor yPred) {
        return new org.keras4j.losses.Poisson().unreduced(yTrue, yPred);
    }

    @Override
    public Direction direction() {
        return Direction.DOWN;
    }
}
