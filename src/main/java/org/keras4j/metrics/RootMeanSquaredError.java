package org.keras4j.metrics;

import org.jspecify.annotations.Nullable;
import org.keras4j.graph.Tensor;
import org.keras4j.losses.Weights;
import org.keras4j.ops.K;

/** The root of the mean of {@code (yTrue - yPred) ^ 2}. */
public final class RootMeanSquaredError extends MeanMetric<RootMeanSquaredError> {
    public RootMeanSquaredError() {
        super("root_mean_squared_error");
    }

    public RootMeanSquaredError(String name) {
        super(name);
    }

    @Override
    protected RootMeanSquaredError self() {
        return this;
    }

    @Override
    protected void update(Tensor yTrue, Tensor yPred, @Nullable Tensor sampleWeight) {
        Weights.Pair fitted = Weights.sameRank(K.cast(yTrue, dtype()), K.cast(yPred, dtype()));
        gather(K.square(K.subtract(fitted.second(), fitted.first())), sampleWeight);
    }

    @Override
    public Tensor result() {
        return K.sqrt(super.result());
    }

    @Override
    public Direction direction() {
        return Direction.DOWN;
    }
}
