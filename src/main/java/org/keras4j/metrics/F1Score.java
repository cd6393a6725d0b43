package org.keras4j.metrics;

import org.jspecify.annotations.Nullable;

/** The harmonic mean of precision and recall, {@code 2 precision recall / (precision + recall)}. */
public final class F1Score extends FScoreMetric<F1Score> {
    public F1Score() {
        super("f1_score");
    }

    /** Sets the average, see {@link #average(String)}. */
    public F1Score(@Nullable String average) {
        this();
        average(average);
    }

    @Override
    protected F1Score self() {
        return this;
    }
}
