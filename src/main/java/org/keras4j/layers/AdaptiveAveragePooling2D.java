package org.keras4j.layers;

import org.keras4j.serialization.ConfigReader;

/** Takes the average of windows of {@code [batch, rows, columns, channels]} that are chosen to give a certain size. */
public final class AdaptiveAveragePooling2D extends BaseAdaptivePooling<AdaptiveAveragePooling2D> {
    /** Takes the size of the result: one number, or one for each spatial axis. */
    public AdaptiveAveragePooling2D(int... outputSize) {
        super(false, 2, outputSize);
    }

    static AdaptiveAveragePooling2D fromConfig(ConfigReader config) {
        return new AdaptiveAveragePooling2D(config.ints("output_size")).configurePooling(config);
    }
}
