package org.keras4j.layers;

import org.keras4j.serialization.ConfigReader;

/** Takes the greatest element of windows of {@code [batch, steps, channels]} that are chosen to give a certain size. */
public final class AdaptiveMaxPooling1D extends BaseAdaptivePooling<AdaptiveMaxPooling1D> {
    /** Takes the size of the result: one number, or one for each spatial axis. */
    public AdaptiveMaxPooling1D(int... outputSize) {
        super(true, 1, outputSize);
    }

    static AdaptiveMaxPooling1D fromConfig(ConfigReader config) {
        return new AdaptiveMaxPooling1D(config.ints("output_size")).configurePooling(config);
    }
}
