package org.keras4j.layers;

import org.keras4j.serialization.ConfigReader;

/** Convolves {@code [batch, rows, columns, channels]} with learned filters. */
public final class Conv2D extends BaseConv<Conv2D> {
    /** Takes the number of output channels and the kernel's size: one number, or one for each spatial axis. */
    public Conv2D(int filters, int... kernelSize) {
        super(2, filters, kernelSize);
    }

    static Conv2D fromConfig(ConfigReader config) {
        return new Conv2D(config.integer("filters"), config.ints("kernel_size")).configureBaseConv(config);
    }
}
