package org.keras4j.metrics;

import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Trace;

/** The weighted mean of values. */
public final class Mean extends MeanMetric<Mean> {
    public Mean() {
        super("mean");
    }

    public Mean(String name) {
        super(name);
    }

    @Override
    protected Mean self() {
        return this;
    }

    /** Takes in values. */
    public void updateState(Tensor values) {
        updateState(values, null);
    }

    /** Takes in values, with weights that have their shape or only their first axes. */
    @Override
    public void updateState(Tensor values, @Nullable Tensor sampleWeight) {
        ensureBuilt(Shape.SCALAR, Shape.SCALAR);
        Trace.apply(() -> gather(values, sampleWeight));
    }

    @Override
    protected void update(Tensor yTrue, Tensor yPred, @Nullable Tensor sampleWeight) {
        throw new UnsupportedOperationException("Mean \"" + name() + "\": expected values, got labels and predictions");
    }
}
