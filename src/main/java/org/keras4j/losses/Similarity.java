package org.keras4j.losses;

import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;

/** Losses on distances between the embeddings of a batch. */
final class Similarity {
    private Similarity() {}

    /**
     * Pulls embeddings of one label together and others apart, the more the farther they are from where they should be
     * (Sun et al. 2020): {@code labels[n] or [n, 1], x[n, d], refLabels[m], refs[m, d] -> [n]}, rows of x and refs of
     * length 1. The result's mask leaves out what is zero.
     */
    static Tensor circle(
            Tensor labels,
            Tensor x,
            Tensor refLabels,
            Tensor refs,
            boolean removeDiagonal,
            double gamma,
            double margin) {
        Tensor distance = K.maximum(K.subtract(1.0, K.matmul(x, K.transpose(refs))), 0.0);
        int rows = labels.shape().size();
        int columns = refLabels.shape().size();
        Tensor same = K.equal(
                K.reshape(K.cast(labels, DType.INT32), Shape.of(rows, 1)),
                K.reshape(K.cast(refLabels, DType.INT32), Shape.of(1, columns)));
        Tensor other = K.logicalNot(same);
        if (removeDiagonal) same = K.logicalAnd(same, K.logicalNot(K.eye(rows, columns, 0, DType.BOOL)));
        Tensor pull = K.maximum(K.multiply(K.add(margin, distance), K.cast(same, x.dtype())), 0.0);
        Tensor push = K.maximum(K.multiply(K.subtract(1 + margin, distance), K.cast(other, x.dtype())), 0.0);
        Tensor pulls = K.multiply(K.multiply(-gamma, pull), K.subtract(margin, distance));
        Tensor pushes = K.multiply(K.multiply(gamma, push), K.subtract(1 - margin, distance));
        Tensor near = K.logsumexp(K.where(same, pulls, Double.NEGATIVE_INFINITY), 1);
        Tensor far = K.logsumexp(K.where(other, pushes, Double.NEGATIVE_INFINITY), 1);
        Tensor loss = K.softplus(K.add(near, far));
        return loss.mask(K.greater(loss, 0.0));
    }
}
