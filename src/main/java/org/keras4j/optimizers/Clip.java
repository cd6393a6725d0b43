package org.keras4j.optimizers;

import java.util.List;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;

/** Keeps gradients short. */
final class Clip {
    private Clip() {}

    /** Shortens a gradient whose length is more than {@code limit}. */
    static Tensor byNorm(Tensor gradient, double limit) {
        Tensor norm = K.sqrt(K.sum(K.square(gradient)));
        return K.divide(K.multiply(gradient, limit), K.maximum(norm, limit));
    }

    /** Shortens all gradients alike if their length together is more than {@code limit}; NaN if it is not finite. */
    static List<Tensor> byGlobalNorm(List<Tensor> gradients, double limit) {
        Tensor norm = K.sqrt(K.sum(
                K.stack(gradients.stream().map(g -> K.sum(K.square(g))).toList(), 0)));
        Tensor finite = K.multiply(limit, K.minimum(K.divide(1.0, norm), 1 / limit));
        Tensor scale = K.add(finite, K.subtract(norm, norm));
        return gradients.stream()
                .map(g -> K.multiply(g, K.cast(scale, g.dtype())))
                .toList();
    }
}
