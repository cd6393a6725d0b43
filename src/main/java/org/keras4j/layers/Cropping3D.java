package org.keras4j.layers;

import org.jspecify.annotations.Nullable;
import org.keras4j.serialization.ConfigReader;

/** Takes places away at both ends of the spatial axes of {@code [batch, depth, rows, columns, channels]}. */
public final class Cropping3D extends BaseCropping<Cropping3D> {
    public Cropping3D() {
        this(1);
    }

    /** Takes a number for all ends, or one for each spatial axis. */
    public Cropping3D(int... cropping) {
        this(symmetric(cropping, 3));
    }

    /** Takes numbers (before, after) for each spatial axis. */
    public Cropping3D(int[][] cropping) {
        super(cropping, 3, true);
    }

    static Cropping3D fromConfig(ConfigReader config) {
        return configure(new Cropping3D(read(config, "cropping", 3, 1)), config)
                .dataFormat(config.nullableString("data_format"));
    }

    /** Sets where the channels are, "channels_last" or "channels_first"; null for the default. */
    public Cropping3D dataFormat(@Nullable String dataFormat) {
        return format(dataFormat);
    }
}
