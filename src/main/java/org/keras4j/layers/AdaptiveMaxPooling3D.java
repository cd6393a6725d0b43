package org.keras4j.layers;

import org.keras4j.serialization.ConfigReader;

/**
 * Takes the greatest element of windows of {@code [batch, depth, rows, columns, channels]} that are chosen to give a
 * certain size.
 */
public final class AdaptiveMaxPooling3D extends BaseAdaptivePooling<AdaptiveMaxPooling3D> {
    /** Takes the size of the result: one number, or one for each spatial axis. */
    public AdaptiveMaxPooling3D(int... outputSize) {
        super(true, 3, outputSize);
    }

    static AdaptiveMaxPooling3D fromConfig(ConfigReader config) {
        return new AdaptiveMaxPooling3D(config.ints("output_size")).configurePooling(config);
    }
}
