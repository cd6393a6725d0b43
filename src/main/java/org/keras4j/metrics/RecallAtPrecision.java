package org.keras4j.metrics;

import org.keras4j.graph.Tensor;

/** The best recall where precision is at least a given one. */
public final class RecallAtPrecision extends ConstrainedMetric<RecallAtPrecision> {
    public RecallAtPrecision(double precision) {
        super("precision", precision);
    }

    @Override
    protected RecallAtPrecision self() {
        return this;
    }

    @Override
    Tensor constrained(Confusion.Counts counts) {
        return precision(counts);
    }

    @Override
    Tensor dependent(Confusion.Counts counts) {
        return recall(counts);
    }
}
