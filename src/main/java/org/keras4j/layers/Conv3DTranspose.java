package org.keras4j.layers;

import org.keras4j.serialization.ConfigReader;

/** Runs a convolution of {@code [batch, depth, rows, columns, channels]} backwards, to enlarge its input. */
public final class Conv3DTranspose extends BaseConvTranspose<Conv3DTranspose> {
    /** Takes the number of output channels and the kernel's size: one number, or one for each spatial axis. */
    public Conv3DTranspose(int filters, int... kernelSize) {
        super(3, filters, kernelSize);
    }

    static Conv3DTranspose fromConfig(ConfigReader config) {
        return new Conv3DTranspose(config.integer("filters"), config.ints("kernel_size")).configureTranspose(config);
    }
}
