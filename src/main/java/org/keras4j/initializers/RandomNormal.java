package org.keras4j.initializers;

import java.util.Map;
import org.keras4j.NDArray;

/** Draws from a normal distribution. */
public final class RandomNormal extends RandomInitializer<RandomNormal> {
    private double mean = 0;
    private double stddev = 0.05;

    public RandomNormal() {}

    public RandomNormal(double mean, double stddev) {
        this.mean = mean;
        this.stddev = stddev;
    }

    public RandomNormal(double mean, double stddev, int seed) {
        this(mean, stddev);
        seed(seed);
    }

    public RandomNormal mean(double mean) {
        this.mean = mean;
        return this;
    }

    /** Sets the standard deviation. */
    public RandomNormal stddev(double stddev) {
        this.stddev = stddev;
        return this;
    }

    @Override
    RandomNormal self() {
        return this;
    }

    @Override
    void fill(Draw draw, NDArray out) {
        draw.normal(out, mean, stddev);
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = seedConfig();
        config.put("mean", mean);
        config.put("stddev", stddev);
        return config;
    }
}
