package org.keras4j.constraints;

import java.util.Map;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;

/** Gives the vectors along {@code axis} length 1. */
public final class UnitNorm implements Constraint {
    private int[] axis = {0};

    public UnitNorm() {}

    public UnitNorm(int axis) {
        axis(axis);
    }

    /** Sets the axes that a vector lies along: 0 for a Dense kernel, 0, 1, 2 for one of Conv2D. */
    public UnitNorm axis(int... axis) {
        this.axis = axis.clone();
        return this;
    }

    @Override
    public Tensor call(Tensor weight) {
        return K.divide(weight, K.add(K.epsilon(), Constraints.norms(weight, axis)));
    }

    @Override
    public Map<String, Object> getConfig() {
        return Map.of("axis", Constraints.written(axis));
    }
}
