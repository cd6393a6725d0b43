package org.keras4j.metrics;

import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Variable;
import org.keras4j.losses.Weights;
import org.keras4j.ops.K;

/**
 * A weighted mean over all samples.
 *
 * @param <S> the metric itself
 */
abstract class MeanMetric<S extends MeanMetric<S>> extends BaseMetric<S> {
    @SuppressWarnings("NullAway.Init") // set by build
    private Variable total;

    @SuppressWarnings("NullAway.Init") // set by build
    private Variable count;

    MeanMetric(@Nullable String name) {
        super(name);
    }

    @Override
    protected final void build(Shape yTrue, Shape yPred) {
        total = addVariable("total", Shape.SCALAR);
        count = addVariable("count", Shape.SCALAR);
    }

    final void gather(Tensor values, @Nullable Tensor sampleWeight) {
        Samplewise samples = Samplewise.of(values, sampleWeight, (x, axes) -> K.mean(x, axes), dtype());
        add(total, K.sum(samples.values()));
        Tensor weights = samples.weights();
        if (weights != null) add(count, K.sum(weights));
        else {
            int n = samples.values().rank() == 0 ? 1 : samples.values().shape().dim(0);
            add(count, K.full(Shape.SCALAR, n, dtype()));
        }
    }

    @Override
    public Tensor result() {
        variables();
        return Weights.divideNoNan(total.value(), count.value());
    }
}
