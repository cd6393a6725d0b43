package org.keras4j.layers;

import org.keras4j.serialization.ConfigReader;

/** Convolves {@code [batch, rows, columns, channels]} channel by channel, then mixes the channels. */
public final class SeparableConv2D extends BaseSeparableConv<SeparableConv2D> {
    /** Takes the number of output channels and the kernel's size: one number, or one for each spatial axis. */
    public SeparableConv2D(int filters, int... kernelSize) {
        super(2, filters, kernelSize);
    }

    static SeparableConv2D fromConfig(ConfigReader config) {
        return new SeparableConv2D(config.integer("filters"), config.ints("kernel_size")).configureSeparable(config);
    }
}
