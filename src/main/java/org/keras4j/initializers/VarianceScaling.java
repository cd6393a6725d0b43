package org.keras4j.initializers;

import java.util.Locale;
import java.util.Map;

/** Draws with a variance that depends on the number of inputs or outputs; see {@link #mode}. */
public final class VarianceScaling extends FanInitializer<VarianceScaling> {
    public VarianceScaling() {
        super(1, Mode.FAN_IN, Distribution.TRUNCATED_NORMAL);
    }

    /**
     * Sets what Keras takes by position.
     *
     * @param mode {@code "fan_in"}, {@code "fan_out"} or {@code "fan_avg"}
     * @param distribution {@code "truncated_normal"} (or {@code "normal"}), {@code "untruncated_normal"} or
     *     {@code "uniform"}
     */
    public VarianceScaling(double scale, String mode, String distribution) {
        this();
        scale(scale).mode(mode).distribution(distribution);
    }

    /** Sets the variance times the number that {@code mode} counts; positive. */
    public VarianceScaling scale(double scale) {
        if (!(scale > 0))
            throw new IllegalArgumentException("VarianceScaling: expected a positive scale, got " + scale);
        this.scale = scale;
        return this;
    }

    /** Sets what is counted: {@code "fan_in"}, {@code "fan_out"} or {@code "fan_avg"}. */
    public VarianceScaling mode(String mode) {
        this.mode = switch (mode) {
            case "fan_in" -> Mode.FAN_IN;
            case "fan_out" -> Mode.FAN_OUT;
            case "fan_avg" -> Mode.FAN_AVG;
            default ->
                throw new IllegalArgumentException(
                        "VarianceScaling: expected mode fan_in, fan_out or fan_avg, got \"" + mode + "\"");
        };
        return this;
    }

    /**
     * Sets the distribution: {@code "truncated_normal"} (or {@code "normal"}), {@code "untruncated_normal"} or
     * {@code "uniform"}.
     */
    public VarianceScaling distribution(String distribution) {
        this.distribution = switch (distribution.toLowerCase(Locale.ROOT)) {
            case "normal", "truncated_normal" -> Distribution.TRUNCATED_NORMAL;
            case "untruncated_normal" -> Distribution.UNTRUNCATED_NORMAL;
            case "uniform" -> Distribution.UNIFORM;
            default ->
                throw new IllegalArgumentException("VarianceScaling: expected distribution truncated_normal,"
                        + " untruncated_normal or uniform, got \"" + distribution + "\"");
        };
        return this;
    }

    @Override
    VarianceScaling self() {
        return this;
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = seedConfig();
        config.put("scale", scale);
        config.put("mode", mode.name().toLowerCase(Locale.ROOT));
        config.put("distribution", distribution.name().toLowerCase(Locale.ROOT));
        putAxes(config);
        return config;
    }
}
