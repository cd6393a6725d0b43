package org.keras4j.regularizers;

import java.util.Map;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;

/** Computes {@code l1 * sum(abs(x))}. */
public final class L1 implements Regularizer {
    private double l1 = 0.01;

    public L1() {}

    public L1(double l1) {
        l1(l1);
    }

    public L1 l1(double l1) {
        this.l1 = Regularizers.checked("L1", "l1", l1);
        return this;
    }

    @Override
    public Tensor call(Tensor x) {
        return K.multiply(l1, K.sum(K.abs(x)));
    }

    /** Has the factor as a float32, which is what Keras keeps. */
    @Override
    public Map<String, Object> getConfig() {
        return Map.of("l1", (double) (float) l1);
    }
}
