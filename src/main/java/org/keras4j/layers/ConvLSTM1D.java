package org.keras4j.layers;

import org.keras4j.serialization.ConfigReader;

/**
 * A convolutional LSTM (Shi et al. 2015). Input {@code (batch, steps, length, channels)}; output {@code (batch,
 * length, filters)}, with the steps before the spatial axes if sequences are returned.
 */
public final class ConvLSTM1D extends BaseConvLSTM<ConvLSTM1D> {
    /** Takes the number of filters and the kernel's size: one number for all axes or one each. */
    public ConvLSTM1D(int filters, int... kernelSize) {
        this(new ConvLSTMCell(1, filters, kernelSize));
    }

    private ConvLSTM1D(ConvLSTMCell cell) {
        super(1, cell);
    }

    static ConvLSTM1D fromConfig(ConfigReader config) {
        return read(new ConvLSTM1D(ConvLSTMCell.read(1, config)), config);
    }
}
