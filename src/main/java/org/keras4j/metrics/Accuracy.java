package org.keras4j.metrics;

import org.keras4j.graph.Tensor;

/** How often predictions equal labels. */
public final class Accuracy extends FunctionMetric<Accuracy> {
    public Accuracy() {
        super("accuracy");
    }

    public Accuracy(String name) {
        super(name);
    }

    @Override
    protected Accuracy self() {
        return this;
    }

    @Override
    Tensor values(Tensor yTrue, Tensor yPred) {
        return CorrectPredictions.equal(yTrue, yPred);
    }

    @Override
    public Direction direction() {
        return Direction.UP;
    }
}
