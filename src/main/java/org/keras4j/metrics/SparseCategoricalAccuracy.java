package org.keras4j.metrics;

import org.keras4j.graph.Tensor;

/** How often the greatest prediction is at the label: {@code yTrue[...] or [..., 1], yPred[..., classes]}. */
public final class SparseCategoricalAccuracy extends FunctionMetric<SparseCategoricalAccuracy> {
    public SparseCategoricalAccuracy() {
        super("sparse_categorical_accuracy");
    }

    public SparseCategoricalAccuracy(String name) {
        super(name);
    }

    @Override
    protected SparseCategoricalAccuracy self() {
        return this;
    }

    @Override
    Tensor values(Tensor yTrue, Tensor yPred) {
        return CorrectPredictions.sparse(yTrue, yPred);
    }

    @Override
    public Direction direction() {
        return Direction.UP;
    }
}
