package org.keras4j.layers;

import org.keras4j.serialization.ConfigReader;

/** Convolves {@code [batch, depth, rows, columns, channels]} with learned filters. */
public final class Conv3D extends BaseConv<Conv3D> {
    /** Takes the number of output channels and the kernel's size: one number, or one for each spatial axis. */
    public Conv3D(int filters, int... kernelSize) {
        super(3, filters, kernelSize);
    }

    static Conv3D fromConfig(ConfigReader config) {
        return new Conv3D(config.integer("filters"), config.ints("kernel_size")).configureBaseConv(config);
    }
}
