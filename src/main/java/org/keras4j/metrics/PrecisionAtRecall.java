package org.keras4j.metrics;

import org.keras4j.graph.Tensor;

/** The best precision where recall is at least a given one. */
public final class PrecisionAtRecall extends ConstrainedMetric<PrecisionAtRecall> {
    public PrecisionAtRecall(double recall) {
        super("recall", recall);
    }

    @Override
    protected PrecisionAtRecall self() {
        return this;
    }

    @Override
    Tensor constrained(Confusion.Counts counts) {
        return recall(counts);
    }

    @Override
    Tensor dependent(Confusion.Counts counts) {
        return precision(counts);
    }
}
