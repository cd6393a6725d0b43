package org.keras4j.metrics;

import org.keras4j.graph.Tensor;
import org.keras4j.losses.Weights;
import org.keras4j.ops.K;

/** The mean correlation of labels and predictions. */
public final class PearsonCorrelation extends CorrelationMetric<PearsonCorrelation> {
    public PearsonCorrelation() {
        super("pearson_correlation");
    }

    public PearsonCorrelation(String name) {
        super(name);
    }

    @Override
    protected PearsonCorrelation self() {
        return this;
    }

    @Override
    Tensor values(Tensor yTrue, Tensor yPred) {
        Weights.Pair fitted = Weights.sameRank(K.cast(yTrue, yPred.dtype()), yPred);
        return K.mean(K.multiply(normalize(fitted.first()), normalize(fitted.second())), axis());
    }

    private Tensor normalize(Tensor x) {
        Tensor centered = K.subtract(x, K.mean(x, axis(), true));
        return K.divide(centered, K.std(centered, axis(), true));
    }
}
