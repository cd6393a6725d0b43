package org.keras4j.constraints;

import java.util.Map;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;

/** Sets negative weights to zero. */
public final class NonNeg implements Constraint {
    @Override
    public Tensor call(Tensor weight) {
        return K.maximum(weight, 0);
    }

    @Override
    public Map<String, Object> getConfig() {
        return Map.of();
    }
}
