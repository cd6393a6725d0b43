package org.keras4j.losses;

import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.serialization.ConfigReader;

/**
 * The options that all losses have.
 *
 * @param <S> the loss itself
 */
public abstract class BaseLoss<S extends BaseLoss<S>> extends Loss {
    protected BaseLoss(@Nullable String name) {
        super(name);
    }

    /** Returns this. */
    protected abstract S self();

    public final S name(String name) {
        this.name = name;
        return self();
    }

    /**
     * Sets how values become one loss: {@code "sum_over_batch_size"} (the same as {@code "mean"}), {@code "sum"},
     * {@code "mean_with_sample_weight"} or {@code "none"}.
     */
    public final S reduction(@Nullable String reduction) {
        this.reduction = Reduction.of(reduction);
        return self();
    }

    /** Sets the dtype to compute in; null for Keras's {@code floatx}. */
    public final S dtype(@Nullable DType dtype) {
        this.dtype = dtype;
        return self();
    }

    /** Sets the dtype to compute in by its name, such as {@code "float32"}. */
    public final S dtype(String dtype) {
        return dtype(DType.of(dtype));
    }

    /** Takes over the common options of a config; {@code "auto"} is what Keras 2 called the default reduction. */
    final S configure(ConfigReader config) {
        String given = config.nullableString("name");
        if (given != null) name(given);
        if (config.has("reduction") && !"auto".equals(config.get("reduction")))
            reduction(config.nullableString("reduction"));
        if (config.get("dtype") instanceof String type) dtype(type);
        return self();
    }
}
