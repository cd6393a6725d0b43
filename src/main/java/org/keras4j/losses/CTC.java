package org.keras4j.losses;

import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;

/**
 * The negative log-likelihood of label sequences, whatever their alignment (Graves et al. 2006):
 * {@code yTrue[batch, labels]} with 0 after the last label, {@code yPred[batch, steps, classes]} logits of which class
 * 0 is the blank.
 */
public final class CTC extends BaseLoss<CTC> {
    public CTC() {
        super("ctc");
    }

    @Override
    protected CTC self() {
        return this;
    }

    @Override
    boolean hasIntegerLabels() {
        return true;
    }

    @Override
    protected Tensor values(Tensor yTrue, Tensor yPred) {
        if (yTrue.rank() != 2 || yPred.rank() != 3)
            throw mismatch("labels (batch, labels) and logits (batch, steps, classes)", yTrue, yPred);
        Tensor labels = K.cast(yTrue, DType.INT32);
        Tensor length = K.sum(K.cast(K.notEqual(labels, 0), DType.INT32), -1);
        Tensor steps = K.full(Shape.of(yPred.shape().dim(0)), yPred.shape().dim(1), DType.INT32);
        return K.ctcLoss(labels, yPred, length, steps, 0);
    }
}
