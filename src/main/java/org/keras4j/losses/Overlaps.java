package org.keras4j.losses;

import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;

/** How little two sets overlap; axes null means all. */
final class Overlaps {
    private Overlaps() {}

    static Tensor dice(Tensor yTrue, Tensor yPred, int[] axes) {
        Tensor both = K.multiply(2.0, K.sum(K.multiply(yTrue, yPred), axes));
        Tensor sizes = K.add(K.add(K.sum(yTrue, axes), K.sum(yPred, axes)), K.epsilon());
        return K.subtract(1.0, K.divide(both, sizes));
    }

    /** Weighs what is too much by {@code alpha} and what is missing by {@code beta} (Salehi et al. 2017). */
    static Tensor tversky(Tensor yTrue, Tensor yPred, double alpha, double beta, int[] axes) {
        Tensor both = K.sum(K.multiply(yTrue, yPred), axes);
        Tensor missing = K.sum(K.multiply(K.subtract(1.0, yPred), yTrue), axes);
        Tensor excess = K.sum(K.multiply(yPred, K.subtract(1.0, yTrue)), axes);
        Tensor sizes = K.add(K.add(both, K.multiply(excess, alpha)), K.multiply(missing, beta));
        return K.subtract(1.0, K.divide(both, K.add(sizes, K.epsilon())));
    }
}
