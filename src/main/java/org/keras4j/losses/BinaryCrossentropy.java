package org.keras4j.losses;

import java.util.Map;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;

/**
 * Cross-entropy of labels of 0 and 1, {@code -yTrue log(yPred) - (1 - yTrue) log(1 - yPred)}, the mean over the last
 * axis.
 */
public final class BinaryCrossentropy extends BaseLoss<BinaryCrossentropy> {
    private boolean fromLogits = false;
    private double labelSmoothing = 0.0;
    private int axis = -1;

    public BinaryCrossentropy() {
        super("binary_crossentropy");
    }

    public BinaryCrossentropy(boolean fromLogits) {
        this();
        fromLogits(fromLogits);
    }

    public BinaryCrossentropy(boolean fromLogits, double labelSmoothing) {
        this();
        fromLogits(fromLogits);
        labelSmoothing(labelSmoothing);
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

    /** Sets the axis that is averaged. */
    public BinaryCrossentropy axis(int axis) {
        this.axis = axis;
        return this;
    }

    @Override
    protected BinaryCrossentropy self() {
        return this;
    }

    @Override
    protected Tensor values(Tensor yTrue, Tensor yPred) {
        if (!yTrue.shape().equals(yPred.shape())) throw mismatch("the same shapes", yTrue, yPred);
        Tensor labels = Probabilities.smooth(yTrue, labelSmoothing, 2);
        return K.mean(Probabilities.binary(labels, yPred, fromLogits), axis);
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
