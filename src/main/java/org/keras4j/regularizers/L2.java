package org.keras4j.regularizers;

import java.util.Map;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;

/** Computes {@code l2 * sum(square(x))}. */
public final class L2 implements Regularizer {
    private double l2 = 0.01;

    public L2() {}

    public L2(double l2) {
        l2(l2);
    }

    public L2 l2(double l2) {
        this.l2 = Regularizers.checked("L2", "l2", l2);
        return this;
    }

    @Override
    public Tensor call(Tensor x) {
        return K.multiply(l2, K.sum(K.square(x)));
    }

    @Override
    public Map<String, Object> getConfig() {
        return Map.of("l2", l2);
    }
}
