package org.keras4j.metrics;

import org.keras4j.graph.Tensor;

/** The best specificity where sensitivity is at least a given one. */
public final class SpecificityAtSensitivity extends ConstrainedMetric<SpecificityAtSensitivity> {
    public SpecificityAtSensitivity(double sensitivity) {
        super("sensitivity", sensitivity);
    }

    @Override
    protected SpecificityAtSensitivity self() {
        return this;
    }

    @Override
    Tensor constrained(Confusion.Counts counts) {
        return recall(counts);
    }

    @Override
    Tensor dependent(Confusion.Counts counts) {
        return specificity(counts);
    }
}
