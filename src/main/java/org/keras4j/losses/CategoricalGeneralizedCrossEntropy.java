package org.keras4j.losses;

import java.util.Map;
import org.keras4j.graph.Tensor;

/**
 * A mean between cross-entropy and absolute error that bears wrong labels (Zhang and Sabuncu 2018); labels are class
 * numbers.
 */
public final class CategoricalGeneralizedCrossEntropy extends BaseLoss<CategoricalGeneralizedCrossEntropy> {
    private double q = 0.5;

    public CategoricalGeneralizedCrossEntropy() {
        super("categorical_generalized_cross_entropy");
    }

    public CategoricalGeneralizedCrossEntropy(double q) {
        this();
        q(q);
    }

    /** Sets how much wrong labels are borne, between 0 and 1. */
    public CategoricalGeneralizedCrossEntropy q(double q) {
        if (!(q > 0 && q < 1))
            throw new IllegalArgumentException(
                    "CategoricalGeneralizedCrossEntropy: expected q between 0 and 1, got " + q);
        this.q = q;
        return this;
    }

    @Override
    protected CategoricalGeneralizedCrossEntropy self() {
        return this;
    }

    @Override
    boolean hasIntegerLabels() {
        return true;
    }

    @Override
    protected Tensor values(Tensor yTrue, Tensor yPred) {
        return Probabilities.generalized(yTrue, yPred, q);
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("q", q);
        return config;
    }
}
