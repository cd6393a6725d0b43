package org.keras4j.layers;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/** Computes {@code max(x, 0)}, with a greatest value, a slope for small inputs and a threshold if set. */
public final class ReLU extends ActivationLayer<ReLU> {
    private @Nullable Double maxValue;
    private double negativeSlope;
    private double threshold;

    public ReLU() {
        supportsMasking(true);
    }

    public ReLU(double maxValue) {
        this();
        maxValue(maxValue);
    }

    static ReLU fromConfig(ConfigReader config) {
        return configure(new ReLU(), config)
                .maxValue(config.nullableReal("max_value"))
                .negativeSlope(config.real("negative_slope", 0))
                .threshold(config.real("threshold", 0));
    }

    /** Sets the greatest result; null for none. */
    public ReLU maxValue(@Nullable Double maxValue) {
        if (maxValue != null && maxValue < 0)
            throw new IllegalArgumentException("ReLU: max_value must be 0 or more, got " + maxValue);
        this.maxValue = maxValue;
        return this;
    }

    /** Sets the slope below the threshold; 0 if not set. */
    public ReLU negativeSlope(double negativeSlope) {
        if (!(negativeSlope >= 0))
            throw new IllegalArgumentException("ReLU: negative_slope must be 0 or more, got " + negativeSlope);
        this.negativeSlope = negativeSlope;
        return this;
    }

    /** Sets where the function starts to pass its input on; 0 if not set. */
    public ReLU threshold(double threshold) {
        if (!(threshold >= 0))
            throw new IllegalArgumentException("ReLU: threshold must be 0 or more, got " + threshold);
        this.threshold = threshold;
        return this;
    }

    @Override
    protected Tensor call(Tensor x, Call call) {
        if (negativeSlope == 0 && threshold == 0 && maxValue == null) return K.relu(x);
        return K.relu(x, negativeSlope, maxValue == null ? Double.POSITIVE_INFINITY : maxValue, threshold);
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("max_value", maxValue);
        config.put("negative_slope", negativeSlope);
        config.put("threshold", threshold);
        return config;
    }
}
