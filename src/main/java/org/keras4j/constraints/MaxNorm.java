package org.keras4j.constraints;

import java.util.LinkedHashMap;
import java.util.Map;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;

/** Shortens the vectors along {@code axis} that are longer than {@code maxValue}. */
public final class MaxNorm implements Constraint {
    private Number maxValue = 2;
    private int[] axis = {0};

    public MaxNorm() {}

    public MaxNorm(Number maxValue) {
        this.maxValue = maxValue;
    }

    public MaxNorm(Number maxValue, int axis) {
        this(maxValue);
        axis(axis);
    }

    public MaxNorm maxValue(Number maxValue) {
        this.maxValue = maxValue;
        return this;
    }

    /** Sets the axes that a vector lies along: 0 for a Dense kernel, 0, 1, 2 for one of Conv2D. */
    public MaxNorm axis(int... axis) {
        this.axis = axis.clone();
        return this;
    }

    @Override
    public Tensor call(Tensor weight) {
        Tensor norms = Constraints.norms(weight, axis);
        return Constraints.rescale(weight, norms, K.clip(norms, 0, maxValue.doubleValue()));
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("max_value", maxValue);
        config.put("axis", Constraints.written(axis));
        return config;
    }
}
