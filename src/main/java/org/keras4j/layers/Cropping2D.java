package org.keras4j.layers;

import org.jspecify.annotations.Nullable;
import org.keras4j.serialization.ConfigReader;

/** Takes places away at both ends of the rows and columns of {@code [batch, rows, columns, channels]}. */
public final class Cropping2D extends BaseCropping<Cropping2D> {
    public Cropping2D() {
        this(0);
    }

    /** Takes a number for all ends, or one for each spatial axis. */
    public Cropping2D(int... cropping) {
        this(symmetric(cropping, 2));
    }

    /** Takes numbers (before, after) for each spatial axis. */
    public Cropping2D(int[][] cropping) {
        super(cropping, 2, true);
    }

    static Cropping2D fromConfig(ConfigReader config) {
        return configure(new Cropping2D(read(config, "cropping", 2, 0)), config)
                .dataFormat(config.nullableString("data_format"));
    }

    /** Sets where the channels are, "channels_last" or "channels_first"; null for the default. */
    public Cropping2D dataFormat(@Nullable String dataFormat) {
        return format(dataFormat);
    }
}
