package org.keras4j.layers;

import org.keras4j.serialization.ConfigReader;

/**
 * A convolutional LSTM (Shi et al. 2015). Input {@code (batch, steps, depth, rows, columns, channels)}; output
 * {@code (batch, depth, rows, columns, filters)}, with the steps before the spatial axes if sequences are returned.
 */
public final class ConvLSTM3D extends BaseConvLSTM<ConvLSTM3D> {
    /** Takes the number of filters and the kernel's size: one number for all axes or one each. */
    public ConvLSTM3D(int filters, int... kernelSize) {
        this(new ConvLSTMCell(3, filters, kernelSize));
    }

    private ConvLSTM3D(ConvLSTMCell cell) {
        super(3, cell);
    }

    static ConvLSTM3D fromConfig(ConfigReader config) {
        return read(new ConvLSTM3D(ConvLSTMCell.read(3, config)), config);
    }
}
