package org.keras4j.losses;

import org.keras4j.graph.Tensor;

/** The sum of {@code yTrue * log(yTrue / yPred)} over the last axis. */
public final class KLDivergence extends BaseLoss<KLDivergence> {
    public KLDivergence() {
        super("kl_divergence");
    }

    @Override
    protected KLDivergence self() {
        return this;
    }

    @Override
    protected Tensor values(Tensor yTrue, Tensor yPred) {
        return Probabilities.kullbackLeibler(yTrue, yPred);
    }
}
