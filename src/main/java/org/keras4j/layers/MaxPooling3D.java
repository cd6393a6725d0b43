package org.keras4j.layers;

import org.keras4j.serialization.ConfigReader;

/** Takes the greatest element of each window of {@code [batch, depth, rows, columns, channels]}. */
public final class MaxPooling3D extends BasePooling<MaxPooling3D> {
    /** Takes windows of 2 along each spatial axis. */
    public MaxPooling3D() {
        this(2);
    }

    /** Takes the window's size: one number, or one for each spatial axis. */
    public MaxPooling3D(int... poolSize) {
        super(true, 3, poolSize);
    }

    static MaxPooling3D fromConfig(ConfigReader config) {
        var layer = config.has("pool_size") ? new MaxPooling3D(config.ints("pool_size")) : new MaxPooling3D();
        return layer.configurePooling(config);
    }
}
