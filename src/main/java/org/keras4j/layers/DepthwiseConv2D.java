package org.keras4j.layers;

import org.keras4j.serialization.ConfigReader;

/** Convolves each channel of {@code [batch, rows, columns, channels]} with filters of its own. */
public final class DepthwiseConv2D extends BaseDepthwiseConv<DepthwiseConv2D> {
    /** Takes the kernel's size: one number, or one for each spatial axis. */
    public DepthwiseConv2D(int... kernelSize) {
        super(2, kernelSize);
    }

    static DepthwiseConv2D fromConfig(ConfigReader config) {
        return new DepthwiseConv2D(config.ints("kernel_size")).configureDepthwise(config);
    }
}
