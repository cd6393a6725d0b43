package org.keras4j.layers;

import org.keras4j.serialization.ConfigReader;

/** Drops whole channels of {@code [batch, steps, channels]} in training. */
public final class SpatialDropout1D extends BaseSpatialDropout<SpatialDropout1D> {
    public SpatialDropout1D(double rate) {
        super(rate, 1, false);
    }

    static SpatialDropout1D fromConfig(ConfigReader config) {
        return configure(new SpatialDropout1D(config.real("rate")), config).seed(config.nullableInteger("seed"));
    }
}
