package org.keras4j.metrics;

import java.util.Map;

/**
 * A measure of how labels and predictions vary together along an axis.
 *
 * @param <S> the metric itself
 */
abstract class CorrelationMetric<S extends CorrelationMetric<S>> extends FunctionMetric<S> {
    private int axis = -1;

    CorrelationMetric(String name) {
        super(name);
    }

    final int axis() {
        return axis;
    }

    /** Sets the axis along which values vary together. */
    public S axis(int axis) {
        this.axis = axis;
        return self();
    }

    @Override
    public Direction direction() {
        return Direction.UP;
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("axis", axis);
        return config;
    }
}
