package org.keras4j.losses;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;

/** Cross-entropy of class numbers as labels: {@code yTrue[...] or [..., 1], yPred[..., classes]}. */
public final class SparseCategoricalCrossentropy extends BaseLoss<SparseCategoricalCrossentropy> {
    private boolean fromLogits = false;
    private @Nullable Integer ignoreClass;
    private int axis = -1;

    public SparseCategoricalCrossentropy() {
        super("sparse_categorical_crossentropy");
    }

    public SparseCategoricalCrossentropy(boolean fromLogits) {
        this();
        fromLogits(fromLogits);
    }

    public SparseCategoricalCrossentropy(boolean fromLogits, @Nullable Integer ignoreClass) {
        this();
        fromLogits(fromLogits);
        ignoreClass(ignoreClass);
    }

    /** Says whether predictions are logits instead of probabilities. */
    public SparseCategoricalCrossentropy fromLogits(boolean fromLogits) {
        this.fromLogits = fromLogits;
        return this;
    }

    /** Returns the class whose labels do not count, or null. */
    public @Nullable Integer ignoreClass() {
        return ignoreClass;
    }

    /** Sets a label whose elements do not count; null for none. */
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
    boolean hasIntegerLabels() {
        return true;
    }

    @Override
    protected Tensor values(Tensor yTrue, Tensor yPred) {
        Tensor p = axis == -1 ? yPred : K.moveaxis(yPred, axis, -1);
        Tensor label = yTrue;
        if (label.rank() == p.rank() && label.shape().dim(axis) == 1) label = K.squeeze(label, axis);
        if (!label.shape().equals(p.shape().slice(0, -1)))
            throw mismatch("y_true to have y_pred's shape without its classes", yTrue, yPred);
        if (ignoreClass == null) return Probabilities.sparse(label, p, fromLogits);
        Tensor valid = K.notEqual(label, K.cast(K.constant(ignoreClass), label.dtype()));
        Tensor loss = Probabilities.sparse(
                K.where(valid, label, K.zerosLike(label)), K.where(K.expandDims(valid, -1), p, 0.0), fromLogits);
        return K.where(valid, loss, 0.0).mask(valid);
    }

    /** Has what Keras writes, and what it forgets to write only where it is not the default. */
    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("from_logits", fromLogits);
        config.put("ignore_class", ignoreClass);
        if (axis != -1) config.put("axis", axis);
        return config;
    }
}
