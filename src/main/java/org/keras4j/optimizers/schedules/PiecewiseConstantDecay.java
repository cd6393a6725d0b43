package org.keras4j.optimizers.schedules;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;

/** Gives {@code values[i]} for the first i for which {@code step <= boundaries[i]}, else the last value. */
public final class PiecewiseConstantDecay implements LearningRateSchedule {
    private final List<Number> boundaries;
    private final List<Number> values;
    private String name = "PiecewiseConstant";

    /** Takes ascending boundaries and one value more than those. */
    public PiecewiseConstantDecay(List<? extends Number> boundaries, List<? extends Number> values) {
        if (boundaries.isEmpty() || boundaries.size() != values.size() - 1)
            throw new IllegalArgumentException("PiecewiseConstantDecay: expected one value more than boundaries, got "
                    + boundaries.size() + " boundaries and " + values.size() + " values");
        this.boundaries = List.copyOf(boundaries);
        this.values = List.copyOf(values);
    }

    public PiecewiseConstantDecay name(String name) {
        this.name = name;
        return this;
    }

    @Override
    public Tensor call(Tensor step) {
        Tensor rate = K.full(Shape.SCALAR, values.getLast().doubleValue(), K.floatx());
        for (int i = boundaries.size() - 1; i >= 0; i--) {
            Tensor within = K.lessEqual(step, K.cast(K.constant(boundaries.get(i)), step.dtype()));
            rate = K.where(within, values.get(i).doubleValue(), rate);
        }
        return rate;
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("boundaries", boundaries);
        config.put("values", values);
        config.put("name", name);
        return config;
    }
}
