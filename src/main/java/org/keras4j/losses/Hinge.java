package org.keras4j.losses;

import org.keras4j.graph.Tensor;

/** The mean of {@code max(1 - yTrue * yPred, 0)} over the last axis; labels are -1 and 1, or 0 and 1. */
public final class Hinge extends BaseLoss<Hinge> {
    public Hinge() {
        super("hinge");
    }

    @Override
    protected Hinge self() {
        return this;
    }

    @Override
    protected Tensor values(Tensor yTrue, Tensor yPred) {
        return Margins.hinge(yTrue, yPred);
    }
}
