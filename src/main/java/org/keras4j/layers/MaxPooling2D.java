package org.keras4j.layers;

import org.keras4j.serialization.ConfigReader;

/** Takes the greatest element of each window of {@code [batch, rows, columns, channels]}. */
public final class MaxPooling2D extends BasePooling<MaxPooling2D> {
    /** Takes windows of 2 along each spatial axis. */
    public MaxPooling2D() {
        this(2);
    }

    /** Takes the window's size: one number, or one for each spatial axis. */
    public MaxPooling2D(int... poolSize) {
        super(true, 2, poolSize);
    }

    static MaxPooling2D fromConfig(ConfigReader config) {
        var layer = config.has("pool_size") ? new MaxPooling2D(config.ints("pool_size")) : new MaxPooling2D();
        return layer.configurePooling(config);
    }
}
