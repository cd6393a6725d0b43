package org.keras4j.losses;

import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;

/** Losses that only ask for a margin between right and wrong. */
final class Margins {
    private Margins() {}

    static Tensor hinge(Tensor yTrue, Tensor yPred) {
        return K.mean(excess(yTrue, yPred), -1);
    }

    static Tensor squaredHinge(Tensor yTrue, Tensor yPred) {
        return K.mean(K.square(excess(yTrue, yPred)), -1);
    }

    static Tensor categoricalHinge(Tensor yTrue, Tensor yPred) {
        Tensor right = K.sum(K.multiply(yTrue, yPred), -1);
        Tensor wrong = K.max(K.multiply(K.subtract(1.0, yTrue), yPred), -1);
        return K.maximum(K.add(K.subtract(wrong, right), 1.0), 0.0);
    }

    private static Tensor excess(Tensor yTrue, Tensor yPred) {
        return K.maximum(K.subtract(1.0, K.multiply(signs(yTrue), yPred)), 0.0);
    }

    /** Makes -1 and 1 of labels that are all 0 or 1, and leaves others. */
    private static Tensor signs(Tensor labels) {
        Tensor binary = K.all(K.logicalOr(K.equal(labels, 0.0), K.equal(labels, 1.0)));
        return K.where(binary, K.subtract(K.multiply(2.0, labels), 1.0), labels);
    }
}
