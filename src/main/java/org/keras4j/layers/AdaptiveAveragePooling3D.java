package org.keras4j.layers;

import org.keras4j.serialization.ConfigReader;

/**
 * Takes the average of windows of {@code [batch, depth, rows, columns, channels]} that are chosen to give a certain
 * size.
 */
public final class AdaptiveAveragePooling3D extends BaseAdaptivePooling<AdaptiveAveragePooling3D> {
    /** Takes the size of the result: one number, or one for each spatial axis. */
    public AdaptiveAveragePooling3D(int... outputSize) {
        super(false, 3, outputSize);
    }

    static AdaptiveAveragePooling3D fromConfig(ConfigReader config) {
        return new AdaptiveAveragePooling3D(config.ints("output_size")).configurePooling(config);
    }
}
