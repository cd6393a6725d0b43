package org.keras4j.metrics;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.serialization.ConfigReader;

/**
 * The options that all metrics have.
 *
 * @param <S> the metric itself
 */
public abstract class BaseMetric<S extends BaseMetric<S>> extends Metric {
    protected BaseMetric(@Nullable String name) {
        super(name);
    }

    /** Returns this. */
    protected abstract S self();

    @Override
    public final S name(String name) {
        super.name(name);
        return self();
    }

    @Override
    public final S dtype(@Nullable DType dtype) {
        super.dtype(dtype);
        return self();
    }

    /** Sets the dtype of variables and result by its name, such as {@code "float32"}. */
    public final S dtype(String dtype) {
        return dtype(DType.of(dtype));
    }

    /** Takes over the common options of a config; the dtype may be a policy. */
    final S configure(ConfigReader config) {
        String given = config.nullableString("name");
        if (given != null) name(given);
        Object type = config.get("dtype");
        if (type instanceof Map<?, ?> policy && policy.get("config") instanceof Map<?, ?> inner)
            type = inner.get("name");
        if (type instanceof String s) dtype(s);
        return self();
    }
}
