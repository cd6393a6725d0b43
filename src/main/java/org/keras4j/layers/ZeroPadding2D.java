package org.keras4j.layers;

import org.keras4j.serialization.ConfigReader;

/** Adds zeros at both ends of the rows and columns of {@code [batch, rows, columns, channels]}. */
public final class ZeroPadding2D extends BaseZeroPadding<ZeroPadding2D> {
    public ZeroPadding2D() {
        this(1);
    }

    /** Takes a number for all ends, or one for each spatial axis. */
    public ZeroPadding2D(int... padding) {
        this(symmetric(padding, 2));
    }

    /** Takes numbers (before, after) for each spatial axis. */
    public ZeroPadding2D(int[][] padding) {
        super(padding, 2);
    }

    static ZeroPadding2D fromConfig(ConfigReader config) {
        return configure(new ZeroPadding2D(read(config, "padding", 2, 1)), config)
                .dataFormat(config.nullableString("data_format"));
    }
}
