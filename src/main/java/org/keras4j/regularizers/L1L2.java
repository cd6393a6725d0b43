package org.keras4j.regularizers;

import java.util.LinkedHashMap;
import java.util.Map;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;

/** Computes {@code l1 * sum(abs(x)) + l2 * sum(square(x))}. */
public final class L1L2 implements Regularizer {
    private double l1 = 0;
    private double l2 = 0;

    public L1L2() {}

    public L1L2(double l1, double l2) {
        l1(l1).l2(l2);
    }

    public L1L2 l1(double l1) {
        this.l1 = Regularizers.checked("L1L2", "l1", l1);
        return this;
    }

    public L1L2 l2(double l2) {
        this.l2 = Regularizers.checked("L1L2", "l2", l2);
        return this;
    }

    @Override
    public Tensor call(Tensor x) {
        Tensor first = l1 == 0 ? null : K.multiply(l1, K.sum(K.abs(x)));
        Tensor second = l2 == 0 ? null : K.multiply(l2, K.sum(K.square(x)));
        if (first == null) return second == null ? K.zeros(Shape.SCALAR, x.dtype()) : second;
        return second == null ? first : K.add(first, second);
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("l1", l1);
        config.put("l2", l2);
        return config;
    }
}
