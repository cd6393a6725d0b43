package org.keras4j.layers;

import org.keras4j.serialization.ConfigReader;

/** Takes the average of each window of {@code [batch, depth, rows, columns, channels]}. */
public final class AveragePooling3D extends BasePooling<AveragePooling3D> {
    /** Takes windows of 2 along each spatial axis. */
    public AveragePooling3D() {
        this(2);
    }

    /** Takes the window's size: one number, or one for each spatial axis. */
    public AveragePooling3D(int... poolSize) {
        super(false, 3, poolSize);
    }

    static AveragePooling3D fromConfig(ConfigReader config) {
        return new AveragePooling3D(config.ints("pool_size")).configurePooling(config);
    }
}
