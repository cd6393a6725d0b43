package org.keras4j.losses;

import java.util.Map;
import org.keras4j.graph.Tensor;

/** Cross-entropy of one-hot labels, {@code -sum(yTrue * log(yPred))} over the axis of the classes. */
public final class CategoricalCrossentropy extends BaseLoss<CategoricalCrossentropy> {
    private boolean fromLogits = false;
    private double labelSmoothing = 0.0;
    private int axis = -1;

    public CategoricalCrossentropy() {
        super("categorical_crossentropy");
    }

    public CategoricalCrossentropy(boolean fromLogits) {
        this();
        fromLogits(fromLogits);
    }

    public CategoricalCrossentropy(boolean fromLogits, double labelSmoothing) {
        this();
        fromLogits(fromLogits);
        labelSmoothing(labelSmoothing);
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
    protected Tensor values(Tensor yTrue, Tensor yPred) {
        if (!yTrue.shape().equals(yPred.shape())) throw mismatch("the same shapes", yTrue, yPred);
        Tensor labels =
                Probabilities.smooth(yTrue, labelSmoothing, yPred.shape().dim(axis));
        return Probabilities.categorical(labels, yPred, fromLogits, axis);
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("from_logits", fromLogits);
        config.put("label_smoothing", labelSmoothing);
        config.put("axis", axis);
        return config;
    }
}
