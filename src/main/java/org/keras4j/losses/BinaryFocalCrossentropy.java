package org.keras4j.losses;

import java.util.Map;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;

/**
 * Cross-entropy of labels of 0 and 1 that makes little of what is already right: times {@code (1 - p) ^ gamma}, p the
 * probability of the right class (Lin et al. 2018); the mean over the last axis.
 */
public final class BinaryFocalCrossentropy extends BaseLoss<BinaryFocalCrossentropy> {
    private boolean applyClassBalancing = false;
    private double alpha = 0.25;
    private double gamma = 2.0;
    private boolean fromLogits = false;
    private double labelSmoothing = 0.0;
    private int axis = -1;

    public BinaryFocalCrossentropy() {
        super("binary_focal_crossentropy");
    }

    public BinaryFocalCrossentropy(boolean applyClassBalancing) {
        this();
        applyClassBalancing(applyClassBalancing);
    }

    public BinaryFocalCrossentropy(boolean applyClassBalancing, double alpha) {
        this();
        applyClassBalancing(applyClassBalancing);
        alpha(alpha);
    }

    public BinaryFocalCrossentropy(boolean applyClassBalancing, double alpha, double gamma) {
        this();
        applyClassBalancing(applyClassBalancing);
        alpha(alpha);
        gamma(gamma);
    }

    /** Says whether to weigh the classes. */
    public BinaryFocalCrossentropy applyClassBalancing(boolean applyClassBalancing) {
        this.applyClassBalancing = applyClassBalancing;
        return this;
    }

    /** Sets the weight of yes; that of no is {@code 1 - alpha}. */
    public BinaryFocalCrossentropy alpha(double alpha) {
        this.alpha = alpha;
        return this;
    }

    /** Sets how little what is right counts. */
    public BinaryFocalCrossentropy gamma(double gamma) {
        this.gamma = gamma;
        return this;
    }

    /** Says whether predictions are logits instead of probabilities. */
    public BinaryFocalCrossentropy fromLogits(boolean fromLogits) {
        this.fromLogits = fromLogits;
        return this;
    }

    /** Sets how far labels are moved towards the mean of all classes, from 0 to 1. */
    public BinaryFocalCrossentropy labelSmoothing(double labelSmoothing) {
        this.labelSmoothing = labelSmoothing;
        return this;
    }

    /** Sets the axis that is averaged. */
    public BinaryFocalCrossentropy axis(int axis) {
        this.axis = axis;
        return this;
    }

    @Override
    protected BinaryFocalCrossentropy self() {
        return this;
    }

    @Override
    protected Tensor values(Tensor yTrue, Tensor yPred) {
        if (!yTrue.shape().equals(yPred.shape())) throw mismatch("the same shapes", yTrue, yPred);
        Tensor labels = Probabilities.smooth(yTrue, labelSmoothing, 2);
        Tensor p = fromLogits ? K.sigmoid(yPred) : yPred;
        return K.mean(Probabilities.binaryFocal(labels, p, gamma, applyClassBalancing ? alpha : null), axis);
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("from_logits", fromLogits);
        config.put("label_smoothing", labelSmoothing);
        config.put("axis", axis);
        config.put("apply_class_balancing", applyClassBalancing);
        config.put("alpha", alpha);
        config.put("gamma", gamma);
        return config;
    }
}
