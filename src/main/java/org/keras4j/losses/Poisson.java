package org.keras4j.losses;

import org.keras4j.graph.Tensor;

/** The mean of {@code yPred - yTrue * log(yPred)} over the last axis. */
public final class Poisson extends BaseLoss<Poisson> {
    public Poisson() {
        super("poisson");
    }

    @Override
    protected Poisson self() {
        return this;
    }

    @Override
    protected Tensor values(Tensor yTrue, Tensor yPred) {
        return Probabilities.poisson(yTrue, yPred);
    }
}
