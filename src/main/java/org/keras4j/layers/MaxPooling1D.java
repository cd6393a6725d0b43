package org.keras4j.layers;

import org.keras4j.serialization.ConfigReader;

/** Takes the greatest element of each window of {@code [batch, steps, channels]}. */
public final class MaxPooling1D extends BasePooling<MaxPooling1D> {
    /** Takes windows of 2 along each spatial axis. */
    public MaxPooling1D() {
        this(2);
    }

    /** Takes the window's size: one number, or one for each spatial axis. */
    public MaxPooling1D(int... poolSize) {
        super(true, 1, poolSize);
    }

    static MaxPooling1D fromConfig(ConfigReader config) {
        var layer = config.has("pool_size") ? new MaxPooling1D(config.ints("pool_size")) : new MaxPooling1D();
        return layer.configurePooling(config);
    }
}
