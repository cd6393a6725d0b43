package org.keras4j.metrics;

import org.keras4j.graph.Tensor;

/** The best sensitivity where specificity is at least a given one. */
public final class SensitivityAtSpecificity extends ConstrainedMetric<SensitivityAtSpecificity> {
    public SensitivityAtSpecificity(double specificity) {
        super("specificity", specificity);
    }

    @Override
    protected SensitivityAtSpecificity self() {
        return this;
    }

    @Override
    Tensor constrained(Confusion.Counts counts) {
        return specificity(counts);
    }

    @Override
    Tensor dependent(Confusion.Counts counts) {
        return recall(counts);
    }
}
