package org.keras4j.metrics;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The harmonic mean of precision and recall, in which recall counts {@code beta} times as much. */
public final class FBetaScore extends FScoreMetric<FBetaScore> {
    public FBetaScore() {
        super("fbeta_score");
    }

    /** Sets the average, see {@link #average(String)}, and beta. */
    public FBetaScore(@Nullable String average, double beta) {
        this();
        average(average).beta(beta);
    }

    /** Sets how much more recall counts than precision; positive. */
    public FBetaScore beta(double beta) {
        if (!(beta > 0)) throw new IllegalArgumentException("FBetaScore: expected a positive beta, got " + beta);
        this.beta = beta;
        return this;
    }

    @Override
    protected FBetaScore self() {
        return this;
    }

    @Override
    void putBeta(Map<String, Object> config) {
        config.put("beta", beta);
    }
}
