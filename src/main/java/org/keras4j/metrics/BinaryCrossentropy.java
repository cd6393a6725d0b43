package org.keras4j.metrics;

import java.util.Map;
import org.keras4j.graph.Tensor;

/** The mean cross-entropy of labels of 0 and 1. */
public final class BinaryCrossentropy extends FunctionMetric<BinaryCrossentropy> {
    private boolean fromLogits = false;
    private double labelSmoothing = 0;

    public BinaryCrossentropy() {
        super("binary_crossentropy");
    }

    public BinaryCrossentropy(String name) {
        super(name);
    }

    /** Says whether predictions are logits instead of probabilities. */
    public BinaryCrossentropy fromLogits(boolean fromLogits) {
        this.fromLogits = fromLogits;
        return this;
    }

    /** Sets how far labels are moved towards the mean of all classes, from 0 to 1. */
    public BinaryCrossentropy labelSmoothing(double labelSmoothing) {
        this.labelSmoothing = labelSmoothing;
        return this;
    }

    @Override
    protected BinaryCrossentropy self() {
        return this;
    }

    @Override
    Tensor values(Tensor yTrue, Tensor yPred) {
        return new org.keras4j.losses.BinaryCrossentropy(fromLogits, labelSmoothing).unreduced(yTrue, yPred);
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
        return config;
    }
}
