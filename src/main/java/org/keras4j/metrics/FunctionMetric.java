package org.keras4j.metrics;

import org.jspecify.annotations.Nullable;
import org.keras4j.graph.Tensor;
import org.keras4j.losses.Weights;

/**
 * The weighted mean of a function of labels and predictions. A mask of the predictions takes elements out.
 *
 * @param <S> the metric itself
 */
abstract class FunctionMetric<S extends FunctionMetric<S>> extends MeanMetric<S> {
    FunctionMetric(@Nullable String name) {
        super(name);
    }

    /** Returns one value for each element. */
    abstract Tensor values(Tensor yTrue, Tensor yPred);

    @Override
    protected final void update(Tensor yTrue, Tensor yPred, @Nullable Tensor sampleWeight) {
        gather(values(yTrue, yPred), Weights.masked(sampleWeight, yPred.mask(), dtype()));
    }
}
