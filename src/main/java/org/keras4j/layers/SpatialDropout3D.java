package org.keras4j.layers;

import org.jspecify.annotations.Nullable;
import org.keras4j.serialization.ConfigReader;

/** Drops whole channels of {@code [batch, depth, rows, columns, channels]} in training. */
public final class SpatialDropout3D extends BaseSpatialDropout<SpatialDropout3D> {
    public SpatialDropout3D(double rate) {
        super(rate, 3, true);
    }

    static SpatialDropout3D fromConfig(ConfigReader config) {
        return configure(new SpatialDropout3D(config.real("rate")), config)
                .seed(config.nullableInteger("seed"))
                .format(config.nullableString("data_format"));
    }

    /** Sets where the channels are, "channels_last" or "channels_first"; null for the default. */
    public SpatialDropout3D dataFormat(@Nullable String dataFormat) {
        return format(dataFormat);
    }
}
