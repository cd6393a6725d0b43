package org.keras4j.metrics;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.graph.Tensor;

/** The mean cross-entropy of class numbers as labels: {@code yTrue[...] or [..., 1], yPred[..., classes]}. */
public final class SparseCategoricalCrossentropy extends FunctionMetric<SparseCategoricalCrossentropy> {
    private boolean fromLogits = false;
    private @Nullable Integer ignoreClass;
    private int axis = -1;

    public SparseCategoricalCrossentropy() {
        super("sparse_categorical_crossentropy");
    }

    public SparseCategoricalCrossentropy(String name) {
        super(name);
    }

    /** Says whether predictions are logits instead of probabilities. */
    public SparseCategoricalCrossentropy fromLogits(boolean fromLogits) {
        this.fromLogits = fromLogits;
        return this;
    }

    /** Sets a label whose elements count as 0; null for none. */
    public SparseCategoricalCrossentropy ignoreClass(@Nullable Integer ignoreClass) {
        this.ignoreClass = ignoreClass;
        return this;
    }

    /** Sets the axis of the classes. */
    public SparseCategoricalCrossentropy axis(int axis) {
        this.axis = axis;
        return this;
    }

    @Override
    protected SparseCategoricalCrossentropy self() {
        return this;
    }

    @Override
    Tensor values(Tensor yTrue, Tensor yPred) {
        return new org.keras4j.losses.SparseCategoricalCrossentropy(fromLogits, ignoreClass)
                .axis(axis)
                .unreduced(yTrue, yPred);
    }

    @Override
    public Direction direction() {
        return Direction.DOWN;
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("from_logits", fromLogits);
        config.put("ignore_class", ignoreClass);
        config.put("axis", axis);
        return config;
    }
}
