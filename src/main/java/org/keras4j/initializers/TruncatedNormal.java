package org.keras4j.initializers;

import java.util.Map;
import org.keras4j.NDArray;

/** Draws from a normal distribution, again where a number is more than two standard deviations off the mean. */
public final class TruncatedNormal extends RandomInitializer<TruncatedNormal> {
    private double mean = 0;
    private double stddev = 0.05;

    public TruncatedNormal() {}

    public TruncatedNormal(double mean, double stddev) {
        this.mean = mean;
        this.stddev = stddev;
    }

    public TruncatedNormal(double mean, double stddev, int seed) {
        this(mean, stddev);
        seed(seed);
    }

    public TruncatedNormal mean(double mean) {
        this.mean = mean;
        return this;
    }

    /** Sets the standard deviation (of the distribution before anything is cut off). */
    public TruncatedNormal stddev(double stddev) {
        this.stddev = stddev;
        return this;
    }

    @Override
    TruncatedNormal self() {
        return this;
    }

    @Override
    void fill(Draw draw, NDArray out) {
        draw.truncatedNormal(out, mean, stddev);
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = seedConfig();
        config.put("mean", mean);
        config.put("stddev", stddev);
        return config;
    }
}
