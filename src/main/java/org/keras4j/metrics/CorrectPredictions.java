package org.keras4j.metrics;

import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.losses.Weights;
import org.keras4j.ops.K;

/** 1 where a prediction is right and 0 where it is wrong, as floats. */
final class CorrectPredictions {
    private CorrectPredictions() {}

    static Tensor equal(Tensor yTrue, Tensor yPred) {
        Weights.Pair fitted = Weights.sameRank(K.cast(yTrue, yPred.dtype()), yPred);
        return toFloat(K.equal(fitted.first(), fitted.second()));
    }

    static Tensor binary(Tensor yTrue, Tensor yPred, double threshold) {
        Weights.Pair fitted = Weights.sameRank(yTrue, yPred);
        Tensor said =
                K.cast(K.greater(fitted.second(), threshold), fitted.first().dtype());
        return toFloat(K.equal(fitted.first(), said));
    }

    /** {@code yTrue[..., classes], yPred[..., classes] -> [...]}. */
    static Tensor categorical(Tensor yTrue, Tensor yPred) {
        return toFloat(K.equal(K.argmax(yTrue, -1), K.argmax(yPred, -1)));
    }

    /** {@code yTrue[...] or [..., 1], yPred[..., classes] -> [...]}. */
    static Tensor sparse(Tensor yTrue, Tensor yPred) {
        boolean column = yTrue.rank() == yPred.rank() && yTrue.shape().last() == 1;
        Tensor label = column ? K.squeeze(yTrue, -1) : yTrue;
        Tensor hits = toFloat(K.equal(K.cast(label, DType.INT32), K.argmax(yPred, -1)));
        Shape shape = column ? yTrue.shape() : hits.shape();
        return K.reshape(hits, shape.rank() > 1 && shape.last() == 1 ? shape.slice(0, -1) : shape);
    }

    /** Says for {@code label[...], yPred[..., classes]} whether less than k classes are above the label's. */
    static Tensor topK(Tensor label, Tensor yPred, int k) {
        int classes = yPred.shape().last();
        int rows = label.shape().size();
        Tensor flat = K.cast(K.reshape(label, Shape.of(rows)), DType.INT32);
        Tensor scores = K.reshape(yPred, Shape.of(rows, classes));
        Tensor known = K.logicalAnd(K.greaterEqual(flat, 0), K.less(flat, classes));
        Tensor index = K.expandDims(K.clip(flat, 0, classes - 1), -1);
        Tensor own = K.takeAlongAxis(scores, index, 1);
        Tensor above = K.sum(K.cast(K.greater(scores, own), DType.INT32), 1);
        Tensor hits = K.logicalAnd(K.logicalAnd(known, K.less(above, k)), K.squeeze(K.isfinite(own), 1));
        return K.reshape(toFloat(hits), label.shape());
    }

    /** Says for {@code label[...], ids[..., n]} whether the label is among the first k. */
    static Tensor amongFirst(Tensor label, Tensor ids, int k) {
        Tensor first = K.slice(ids, -1, 0, Math.min(k, ids.shape().last()), 1);
        return toFloat(K.any(K.equal(K.expandDims(K.cast(label, ids.dtype()), -1), first), -1));
    }

    private static Tensor toFloat(Tensor hits) {
        return K.cast(hits, K.floatx());
    }
}
