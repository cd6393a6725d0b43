package org.keras4j.layers;

import org.keras4j.serialization.ConfigReader;

/** Convolves each channel of {@code [batch, steps, channels]} with filters of its own. */
public final class DepthwiseConv1D extends BaseDepthwiseConv<DepthwiseConv1D> {
    /** Takes the kernel's size: one number, or one for each spatial axis. */
    public DepthwiseConv1D(int... kernelSize) {
        super(1, kernelSize);
    }

    static DepthwiseConv1D fromConfig(ConfigReader config) {
        return new DepthwiseConv1D(config.ints("kernel_size")).configureDepthwise(config);
    }
}
