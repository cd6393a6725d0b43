package org.keras4j.layers;

import org.keras4j.serialization.ConfigReader;

/** Takes the average of each window of {@code [batch, rows, columns, channels]}. */
public final class AveragePooling2D extends BasePooling<AveragePooling2D> {
    /** Takes windows of 2 along each spatial axis. */
    public AveragePooling2D() {
        this(2);
    }

    /** Takes the window's size: one number, or one for each spatial axis. */
    public AveragePooling2D(int... poolSize) {
        super(false, 2, poolSize);
    }

    static AveragePooling2D fromConfig(ConfigReader config) {
        return new AveragePooling2D(config.ints("pool_size")).configurePooling(config);
    }
}
