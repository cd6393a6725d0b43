package org.keras4j.constraints;

import java.util.LinkedHashMap;
import java.util.Map;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;

/** Moves the length of the vectors along {@code axis} towards the range from {@code minValue} to {@code maxValue}. */
public final class MinMaxNorm implements Constraint {
    private Number minValue = 0.0;
    private Number maxValue = 1.0;
    private Number rate = 1.0;
    private int[] axis = {0};

    public MinMaxNorm() {}

    public MinMaxNorm(Number minValue, Number maxValue, Number rate) {
        this.minValue = minValue;
        this.maxValue = maxValue;
        this.rate = rate;
    }

    public MinMaxNorm minValue(Number minValue) {
        this.minValue = minValue;
        return this;
    }

    public MinMaxNorm maxValue(Number maxValue) {
        this.maxValue = maxValue;
        return this;
    }

    /** Sets how much of the way is gone at each update: 1 is all of it. */
    public MinMaxNorm rate(Number rate) {
        this.rate = rate;
        return this;
    }

    /** Sets the axes that a vector lies along: 0 for a Dense kernel, 0, 1, 2 for one of Conv2D. */
    public MinMaxNorm axis(int... axis) {
        this.axis = axis.clone();
        return this;
    }

    @Override
    public Tensor call(Tensor weight) {
        double part = rate.doubleValue();
        Tensor norms = Constraints.norms(weight, axis);
        Tensor clipped = K.clip(norms, minValue.doubleValue(), maxValue.doubleValue());
        return Constraints.rescale(weight, norms, K.add(K.multiply(part, clipped), K.multiply(1 - part, norms)));
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("min_value", minValue);
        config.put("max_value", maxValue);
        config.put("rate", rate);
        config.put("axis", Constraints.written(axis));
        return config;
    }
}
