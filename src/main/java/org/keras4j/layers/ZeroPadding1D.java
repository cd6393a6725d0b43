package org.keras4j.layers;

import org.keras4j.serialization.ConfigReader;

/** Adds zeros at both ends of the steps of {@code [batch, steps, channels]}. */
public final class ZeroPadding1D extends BaseZeroPadding<ZeroPadding1D> {
    public ZeroPadding1D() {
        this(1);
    }

    /** Takes a number for both ends, or two. */
    public ZeroPadding1D(int... padding) {
        super(padding.length == 1 ? symmetric(padding, 1) : new int[][] {padding}, 1);
    }

    static ZeroPadding1D fromConfig(ConfigReader config) {
        return configure(new ZeroPadding1D(read(config, "padding", 1, 1)[0]), config)
                .dataFormat(config.nullableString("data_format"));
    }
}
