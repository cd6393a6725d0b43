package org.keras4j.layers;

import org.keras4j.serialization.ConfigReader;

/** Runs a convolution of {@code [batch, steps, channels]} backwards, to enlarge its input. */
public final class Conv1DTranspose extends BaseConvTranspose<Conv1DTranspose> {
    /** Takes the number of output channels and the kernel's size: one number, or one for each spatial axis. */
    public Conv1DTranspose(int filters, int... kernelSize) {
        super(1, filters, kernelSize);
    }

    static Conv1DTranspose fromConfig(ConfigReader config) {
        return new Conv1DTranspose(config.integer("filters"), config.ints("kernel_size")).configureTranspose(config);
    }
}
