package org.keras4j.layers;

import org.jspecify.annotations.Nullable;
import org.keras4j.serialization.ConfigReader;

/** Drops whole channels of {@code [batch, rows, columns, channels]} in training. */
public final class SpatialDropout2D extends BaseSpatialDropout<SpatialDropout2D> {
    public SpatialDropout2D(double rate) {
        super(rate, 2, true);
    }

    static SpatialDropout2D fromConfig(ConfigReader config) {
        return configure(new SpatialDropout2D(config.real("rate")), config)
                .seed(config.nullableInteger("seed"))
                .format(config.nullableString("data_format"));
    }

    /** Sets where the channels are, "channels_last" or "channels_first"; null for the default. */
    public SpatialDropout2D dataFormat(@Nullable String dataFormat) {
        return format(dataFormat);
    }
}
