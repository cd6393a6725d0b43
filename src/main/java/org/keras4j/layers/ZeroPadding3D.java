package org.keras4j.layers;

import org.keras4j.serialization.ConfigReader;

/** Adds zeros at both ends of the spatial axes of {@code [batch, depth, rows, columns, channels]}. */
public final class ZeroPadding3D extends BaseZeroPadding<ZeroPadding3D> {
    public ZeroPadding3D() {
        this(1);
    }

    /** Takes a number for all ends, or one for each spatial axis. */
    public ZeroPadding3D(int... padding) {
        this(symmetric(padding, 3));
    }

    /** Takes numbers (before, after) for each spatial axis. */
    public ZeroPadding3D(int[][] padding) {
        super(padding, 3);
    }

    static ZeroPadding3D fromConfig(ConfigReader config) {
        return configure(new ZeroPadding3D(read(config, "padding", 3, 1)), config)
                .dataFormat(config.nullableString("data_format"));
    }
}
