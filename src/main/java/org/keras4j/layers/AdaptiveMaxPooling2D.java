package org.keras4j.layers;

import org.keras4j.serialization.ConfigReader;

/**
 * Takes the greatest element of windows of {@code [batch, rows, columns, channels]} that are chosen to give a certain
 * size.
 */
public final class AdaptiveMaxPooling2D extends BaseAdaptivePooling<AdaptiveMaxPooling2D> {
    /** Takes the size of the result: one number, or one for each spatial axis. */
    public AdaptiveMaxPooling2D(int... outputSize) {
        super(true, 2, outputSize);
    }

    static AdaptiveMaxPooling2D fromConfig(ConfigReader config) {
        return new AdaptiveMaxPooling2D(config.ints("output_size")).configurePooling(config);
    }
}
