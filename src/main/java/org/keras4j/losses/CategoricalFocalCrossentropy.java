package org.keras4j.losses;

import java.util.Map;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;

/**
 * Cross-entropy of one-hot labels that makes little of what is already right: each class's term times
 * {@code alpha * (1 - yPred) ^ gamma} (Lin et al. 2018).
 */
public final class CategoricalFocalCrossentropy extends BaseLoss<CategoricalFocalCrossentropy> {
    private double alpha = 0.25;
    private double gamma = 2.0;
    private boolean fromLogits = false;
    private double labelSmoothing = 0.0;
    private int axis = -1;

    public CategoricalFocalCrossentropy() {
        super("categorical_focal_crossentropy");
    }

    public CategoricalFocalCrossentropy(double alpha) {
        this();
        alpha(alpha);
    }

    public CategoricalFocalCrossentropy(double alpha, double gamma) {
        this();
        alpha(alpha);
        gamma(gamma);
    }

    /** Sets the weight of all classes. */
    public CategoricalFocalCrossentropy alpha(double alpha) {
        this.alpha = alpha;
        return this;
    }

    /** Sets how little what is right counts. */
    public CategoricalFocalCrossentropy gamma(double gamma) {
        this.gamma = gamma;
        return this;
    }

    /** Says whether predictions are logits instead of probabilities. */
    public CategoricalFocalCrossentropy fromLogits(boolean fromLogits) {
        this.fromLogits = fromLogits;
        return this;
    }

    /** Sets how far labels are moved towards the mean of all classes, from 0 to 1. */
    public CategoricalFocalCrossentropy labelSmoothing(double labelSmoothing) {
        this.labelSmoothing = labelSmoothing;
        return this;
    }

    /** Sets the axis of the classes. */
    public CategoricalFocalCrossentropy axis(int axis) {
        this.axis = axis;
        return this;
    }

    @Override
    protected CategoricalFocalCrossentropy self() {
        return this;
    }

    @Override
    protected Tensor values(Tensor yTrue, Tensor yPred) {
        if (!yTrue.shape().equals(yPred.shape())) throw mismatch("the same shapes", yTrue, yPred);
        Tensor labels =
                Probabilities.smooth(yTrue, labelSmoothing, yPred.shape().dim(axis));
        Tensor p = fromLogits ? K.softmax(yPred, axis) : yPred;
        return Probabilities.categoricalFocal(labels, p, alpha, gamma, axis);
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("from_logits", fromLogits);
        config.put("label_smoothing", labelSmoothing);
        config.put("axis", axis);
        config.put("alpha", alpha);
        config.put("gamma", gamma);
        return config;
    }
}
