package org.keras4j.layers;

import org.keras4j.serialization.ConfigReader;

/** Convolves {@code [batch, steps, channels]} channel by channel, then mixes the channels. */
public final class SeparableConv1D extends BaseSeparableConv<SeparableConv1D> {
    /** Takes the number of output channels and the kernel's size: one number, or one for each spatial axis. */
    public SeparableConv1D(int filters, int... kernelSize) {
        super(1, filters, kernelSize);
    }

    static SeparableConv1D fromConfig(ConfigReader config) {
        return new SeparableConv1D(config.integer("filters"), config.ints("kernel_size")).configureSeparable(config);
    }
}
