package org.keras4j.metrics;

import org.keras4j.graph.Tensor;

/** How often the greatest prediction is at the greatest label: {@code yTrue[..., classes], yPred[..., classes]}. */
public final class CategoricalAccuracy extends FunctionMetric<CategoricalAccuracy> {
    public CategoricalAccuracy() {
        super("categorical_accuracy");
    }

    public CategoricalAccuracy(String name) {
        super(name);
    }

    @Override
    protected CategoricalAccuracy self() {
        return this;
    }

    @Override
    Tensor values(Tensor yTrue, Tensor yPred) {
        if (yTrue.rank() != yPred.rank()) throw mismatch("one-hot labels of y_pred's shape", yTrue, yPred);
        return CorrectPredictions.categorical(yTrue, yPred);
    }

    @Override
    public Direction direction() {
        return Direction.UP;
    }
}
