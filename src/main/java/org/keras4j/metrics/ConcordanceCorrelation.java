package org.keras4j.metrics;

import org.keras4j.graph.Tensor;
import org.keras4j.losses.Weights;
import org.keras4j.ops.K;

/**
 * The mean concordance of labels and predictions: their correlation, less where means or deviations differ (Lin 1989).
 */
public final class ConcordanceCorrelation extends CorrelationMetric<ConcordanceCorrelation> {
    public ConcordanceCorrelation() {
        super("concordance_correlation");
    }

    public ConcordanceCorrelation(String name) {
        super(name);
    }

    @Override
    protected ConcordanceCorrelation self() {
        return this;
    }

    @Override
    Tensor values(Tensor yTrue, Tensor yPred) {
        Weights.Pair fitted = Weights.sameRank(K.cast(yTrue, yPred.dtype()), yPred);
        Tensor t = fitted.first();
        Tensor p = fitted.second();
        Tensor tMean = K.mean(t, axis(), true);
        Tensor pMean = K.mean(p, axis(), true);
        // Keras centers the labels on the mean of the predictions; the mean over the axis is the covariance all the
        // same.
        Tensor product = K.multiply(K.subtract(t, pMean), K.subtract(p, pMean));
        Tensor spread = K.add(K.var(t, axis(), true), K.var(p, axis(), true));
        Tensor norm = K.add(spread, K.square(K.subtract(tMean, pMean)));
        return K.mean(K.divide(K.multiply(2.0, product), K.add(norm, K.epsilon())), axis());
    }
}
