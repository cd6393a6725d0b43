package org.keras4j.layers;

import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.constraints.Constraint;
import org.keras4j.initializers.Initializer;
import org.keras4j.initializers.Initializers;
import org.keras4j.regularizers.Regularizer;

/** The keyword arguments of {@link Layer#addWeight}; each default is Keras's. */
public final class WeightOptions {
    @Nullable
    Initializer initializer;

    @Nullable
    DType dtype;

    boolean trainable = true;
    boolean autocast = true;

    @Nullable
    Regularizer regularizer;

    @Nullable
    Constraint constraint;

    WeightOptions() {}

    /** Sets how the first value is made; glorot_uniform for floats and zeros for others if not set. */
    public WeightOptions initializer(@Nullable Initializer initializer) {
        this.initializer = initializer;
        return this;
    }

    /** Sets how the first value is made by Keras's name, such as {@code "ones"}. */
    public WeightOptions initializer(String name) {
        initializer = Initializers.get(name);
        return this;
    }

    public WeightOptions dtype(DType dtype) {
        this.dtype = dtype;
        return this;
    }

    public WeightOptions trainable(boolean trainable) {
        this.trainable = trainable;
        return this;
    }

    /** Says whether reads are cast to the layer's compute dtype. */
    public WeightOptions autocast(boolean autocast) {
        this.autocast = autocast;
        return this;
    }

    public WeightOptions regularizer(@Nullable Regularizer regularizer) {
        this.regularizer = regularizer;
        return this;
    }

    public WeightOptions constraint(@Nullable Constraint constraint) {
        this.constraint = constraint;
        return this;
    }
}
