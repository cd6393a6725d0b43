package org.keras4j.layers;

import org.keras4j.serialization.ConfigReader;

/** Takes the average of each window of {@code [batch, steps, channels]}. */
public final class AveragePooling1D extends BasePooling<AveragePooling1D> {
    /** Takes the window's size: one number, or one for each spatial axis. */
    public AveragePooling1D(int... poolSize) {
        super(false, 1, poolSize);
    }

    static AveragePooling1D fromConfig(ConfigReader config) {
        return new AveragePooling1D(config.ints("pool_size")).configurePooling(config);
    }
}
