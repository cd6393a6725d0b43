package org.keras4j.layers;

import org.keras4j.serialization.ConfigReader;

/**
 * A recurrent layer whose output is fed back as its state: {@code h = tanh(x kernel + h recurrent_kernel + bias)}.
 * Input {@code (batch, steps, features)}; output {@code (batch, units)} or {@code (batch, steps, units)}.
 */
public final class SimpleRNN extends GatedRecurrent<SimpleRNN, SimpleRNNCell> {
    public SimpleRNN(int units) {
        this(new SimpleRNNCell(units));
    }

    private SimpleRNN(SimpleRNNCell cell) {
        super(cell, "simple_rnn_cell");
    }

    static SimpleRNN fromConfig(ConfigReader config) {
        var cell = new SimpleRNNCell(config.integer("units"));
        cell.readOptions(config);
        return read(new SimpleRNN(cell), config);
    }
}
