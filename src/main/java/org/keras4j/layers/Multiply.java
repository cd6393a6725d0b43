package org.keras4j.layers;

import java.util.List;
import java.util.Objects;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/** Multiplies its inputs; masked elements count as 1, and as 0 where all are masked. */
public final class Multiply extends Merge<Multiply> {
    static Multiply fromConfig(ConfigReader config) {
        return configure(new Multiply(), config);
    }

    @Override
    Tensor merge(List<Tensor> inputs) {
        boolean all = inputs.stream().allMatch(t -> t.mask() != null);
        Tensor product = null;
        Tensor any = null;
        for (Tensor x : inputs) {
            Tensor mask = elementMask(x);
            Tensor factor = mask == null ? x : K.where(mask, x, K.onesLike(x));
            if (mask != null && all) any = any == null ? mask : K.logicalOr(any, mask);
            product = product == null ? factor : K.multiply(product, factor);
        }
        Tensor result = Objects.requireNonNull(product, "inputs");
        if (any == null) return result;
        return K.where(any, result, K.zerosLike(result)).mask(K.any(any, -1, false));
    }
}
