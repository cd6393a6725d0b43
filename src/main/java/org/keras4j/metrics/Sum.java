package org.keras4j.metrics;

import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Trace;
import org.keras4j.graph.Variable;
import org.keras4j.ops.K;

/** The weighted sum of values. */
public final class Sum extends BaseMetric<Sum> {
    @SuppressWarnings("NullAway.Init") // set by build
    private Variable total;

    public Sum() {
        super("sum");
    }

    public Sum(String name) {
        super(name);
    }

    @Override
    protected Sum self() {
        return this;
    }

    @Override
    protected void build(Shape yTrue, Shape yPred) {
        total = addVariable("total", Shape.SCALAR);
    }

    /** Takes in values. */
    public void updateState(Tensor values) {
        updateState(values, null);
    }

    /** Takes in values, with weights that have their shape or only their first axes. */
    @Override
    public void updateState(Tensor values, @Nullable Tensor sampleWeight) {
        ensureBuilt(Shape.SCALAR, Shape.SCALAR);
        Trace.apply(() -> add(
                total,
                K.sum(Samplewise.of(values, sampleWeight, (x, axes) -> K.sum(x, axes), dtype())
                        .values())));
    }

    @Override
    protected void update(Tensor yTrue, Tensor yPred, @Nullable Tensor sampleWeight) {
        throw new UnsupportedOperationException("Sum \"" + name() + "\": expected values, got labels and predictions");
    }

    @Override
    public Tensor result() {
        variables();
        return total.value();
    }
}
