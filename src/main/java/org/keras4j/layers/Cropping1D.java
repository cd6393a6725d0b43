package org.keras4j.layers;

import org.keras4j.serialization.ConfigReader;

/** Takes places away at both ends of the steps of {@code [batch, steps, channels]}. */
public final class Cropping1D extends BaseCropping<Cropping1D> {
    public Cropping1D() {
        this(1);
    }

    /** Takes a number for both ends, or two. */
    public Cropping1D(int... cropping) {
        super(cropping.length == 1 ? symmetric(cropping, 1) : new int[][] {cropping}, 1, false);
    }

    static Cropping1D fromConfig(ConfigReader config) {
        return configure(new Cropping1D(read(config, "cropping", 1, 1)[0]), config);
    }
}
