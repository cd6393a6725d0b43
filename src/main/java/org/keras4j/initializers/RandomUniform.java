package org.keras4j.initializers;

import java.util.Map;
import org.keras4j.NDArray;

/** Draws uniformly from {@code minval} (inclusive) to {@code maxval} (exclusive). */
public final class RandomUniform extends RandomInitializer<RandomUniform> {
    private double minval = -0.05;
    private double maxval = 0.05;

    public RandomUniform() {}

    public RandomUniform(double minval, double maxval) {
        this.minval = minval;
        this.maxval = maxval;
    }

    public RandomUniform(double minval, double maxval, int seed) {
        this(minval, maxval);
        seed(seed);
    }

    public RandomUniform minval(double minval) {
        this.minval = minval;
        return this;
    }

    public RandomUniform maxval(double maxval) {
        this.maxval = maxval;
        return this;
    }

    @Override
    RandomUniform self() {
        return this;
    }

    @Override
    void fill(Draw draw, NDArray out) {
        draw.uniform(out, minval, maxval);
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = seedConfig();
        config.put("minval", minval);
        config.put("maxval", maxval);
        return config;
    }
}
