package org.keras4j.losses;

import org.keras4j.graph.Tensor;

/** The margin by which the greatest wrong class is not at least 1 below the right one; labels are one-hot. */
public final class CategoricalHinge extends BaseLoss<CategoricalHinge> {
    public CategoricalHinge() {
        super("categorical_hinge");
    }

    @Override
    protected CategoricalHinge self() {
        return this;
    }

    @Override
    protected Tensor values(Tensor yTrue, Tensor yPred) {
        return Margins.categoricalHinge(yTrue, yPred);
    }
}
