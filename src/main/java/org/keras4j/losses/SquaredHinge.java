package org.keras4j.losses;

import org.keras4j.graph.Tensor;

/** The mean of {@code max(1 - yTrue * yPred, 0) ^ 2} over the last axis; labels are -1 and 1, or 0 and 1. */
public final class SquaredHinge extends BaseLoss<SquaredHinge> {
    public SquaredHinge() {
        super("squared_hinge");
    }

    @Override
    protected SquaredHinge self() {
        return this;
    }

    @Override
    protected Tensor values(Tensor yTrue, Tensor yPred) {
        return Margins.squaredHinge(yTrue, yPred);
    }
}
