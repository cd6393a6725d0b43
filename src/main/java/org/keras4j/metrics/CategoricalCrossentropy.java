package org.keras4j.metrics;

import java.util.Map;
import org.keras4j.graph.Tensor;

/** The mean cross-entropy of one-hot labels. */
public final class CategoricalCrossentropy extends FunctionMetric<CategoricalCrossentropy> {
    private boolean fromLogits = false;
    private double labelSmoothing = 0;
    private int axis = -1;

    public CategoricalCrossentropy() {
        super("categorical_crossentropy");
    }

    public CategoricalCrossentropy(String name) {
        super(name);
    }

    /** Says whether predictions are logits instead of probabilities. */
    public CategoricalCrossentropy fromLogits(boolean fromLogits) {
        this.fromLogits = fromLogits;
        return this;
    }

    /** Sets how far labels are moved towards the mean of all classes, from 0 to 1. */
    public CategoricalCrossentropy labelSmoothing(double labelSmoothing) {
        this.labelSmoothing = labelSmoothing;
        return this;
    }

    /** Sets the axis of the classes. */
    public CategoricalCrossentropy axis(int axis) {
        this.axis = axis;
        return this;
    }

    @Override
    protected CategoricalCrossentropy self() {
        return this;
    }

    @Override
    Tensor values(Tensor yTrue, Tensor yPred) {
        return new org.keras4j.losses.CategoricalCrossentropy(fromLogits, labelSmoothing)
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
        config.put("label_smoothing", labelSmoothing == 0 ? (Object) 0 : labelSmoothing);
        config.put("axis", axis);
        return config;
    }
}
