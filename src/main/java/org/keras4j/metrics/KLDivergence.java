package org.keras4j.metrics;

import org.keras4j.graph.Tensor;

/** The mean over samples of the sum of {@code yTrue * log(yTrue / yPred)}. */
public final class KLDivergence extends FunctionMetric<KLDivergence> {
    public KLDivergence() {
        super("kl_divergence");
    }

    public KLDivergence(String name) {
        super(name);
    }

    @Override
    protected KLDivergence self() {
        return this;
    }

    @Override
    Tensor values(Tensor yTrue, Tensor yPred) {
        return new org.keras4j.losses.KLDivergence().unreduced(yTrue, yPred);
    }

    @Override
    public Direction direction() {
        return Direction.DOWN;
    }
}
