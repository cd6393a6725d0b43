package org.keras4j.metrics;

import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Variable;

/** Counts how often predictions are at most the threshold and labels are 1. */
public final class FalseNegatives extends CountMetric<FalseNegatives> {
    @SuppressWarnings("NullAway.Init") // set by build
    private Variable count;

    @Override
    protected FalseNegatives self() {
        return this;
    }

    @Override
    protected void build(Shape yTrue, Shape yPred) {
        count = addCounts("accumulator", orElse(0.5));
    }

    @Override
    protected void update(Tensor yTrue, Tensor yPred, @Nullable Tensor sampleWeight) {
        var counts = new Confusion.Counts(null, null, null, count);
        Confusion.of(this, orElse(0.5), yTrue, yPred, sampleWeight, Confusion.Options.ALL)
                .addTo(counts);
    }

    @Override
    public Tensor result() {
        variables();
        return only(count.value());
    }
}
