package org.keras4j.metrics;

import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Variable;

/** Counts how often predictions are at most the threshold and labels are 0. */
public final class TrueNegatives extends CountMetric<TrueNegatives> {
    @SuppressWarnings("NullAway.Init") // set by build
    private Variable count;

    @Override
    protected TrueNegatives self() {
        return this;
    }

    @Override
    protected void build(Shape yTrue, Shape yPred) {
        count = addCounts("accumulator", orElse(0.5));
    }

    @Override
    protected void update(Tensor yTrue, Tensor yPred, @Nullable Tensor sampleWeight) {
        var counts = new Confusion.Counts(null, null, count, null);
        Confusion.of(this, orElse(0.5), yTrue, yPred, sampleWeight, Confusion.Options.ALL)
                .addTo(counts);
    }

    @Override
    public Tensor result() {
        variables();
        return only(count.value());
    }
}
