package org.keras4j.layers;

import org.keras4j.serialization.ConfigReader;

/** Runs a convolution of {@code [batch, rows, columns, channels]} backwards, to enlarge its input. */
public final class Conv2DTranspose extends BaseConvTranspose<Conv2DTranspose> {
    /** Takes the number of output channels and the kernel's size: one number, or one for each spatial axis. */
    public Conv2DTranspose(int filters, int... kernelSize) {
        super(2, filters, kernelSize);
    }

    static Conv2DTranspose fromConfig(ConfigReader config) {
        return new Conv2DTranspose(config.integer("filters"), config.ints("kernel_size")).configureTranspose(config);
    }
}
