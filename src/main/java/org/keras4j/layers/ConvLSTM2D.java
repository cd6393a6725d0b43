package org.keras4j.layers;

import org.keras4j.serialization.ConfigReader;

/**
 * A convolutional LSTM (Shi et al. 2015). Input {@code (batch, steps, rows, columns, channels)}; output {@code (batch,
 * rows, columns, filters)}, with the steps before the spatial axes if sequences are returned.
 */
public final class ConvLSTM2D extends BaseConvLSTM<ConvLSTM2D> {
    /** Takes the number of filters and the kernel's size: one number for all axes or one each. */
    public ConvLSTM2D(int filters, int... kernelSize) {
        this(new ConvLSTMCell(2, filters, kernelSize));
    }

    private ConvLSTM2D(ConvLSTMCell cell) {
        super(2, cell);
    }

    static ConvLSTM2D fromConfig(ConfigReader config) {
        return read(new ConvLSTM2D(ConvLSTMCell.read(2, config)), config);
    }
}
