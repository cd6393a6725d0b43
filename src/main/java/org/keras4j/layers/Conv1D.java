package org.keras4j.layers;

import org.keras4j.serialization.ConfigReader;

/** Convolves {@code [batch, steps, channels]} with learned filters. */
public final class Conv1D extends BaseConv<Conv1D> {
    /** Takes the number of output channels and the kernel's size: one number, or one for each spatial axis. */
    public Conv1D(int filters, int... kernelSize) {
        super(1, filters, kernelSize);
    }

    static Conv1D fromConfig(ConfigReader config) {
        return new Conv1D(config.integer("filters"), config.ints("kernel_size")).configureBaseConv(config);
    }
}
