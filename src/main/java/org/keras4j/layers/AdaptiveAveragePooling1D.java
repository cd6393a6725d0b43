package org.keras4j.layers;

import org.keras4j.serialization.ConfigReader;

/** Takes the average of windows of {@code [batch, steps, channels]} that are chosen to give a certain size. */
public final class AdaptiveAveragePooling1D extends BaseAdaptivePooling<AdaptiveAveragePooling1D> {
    /** Takes the size of the result: one number, or one for each spatial axis. */
    public AdaptiveAveragePooling1D(int... outputSize) {
        super(false, 1, outputSize);
    }

    static AdaptiveAveragePooling1D fromConfig(ConfigReader config) {
        return new AdaptiveAveragePooling1D(config.ints("output_size")).configurePooling(config);
    }
}
