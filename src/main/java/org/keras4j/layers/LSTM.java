package org.keras4j.layers;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.serialization.ConfigReader;

/**
 * Long short-term memory (Hochreiter and Schmidhuber 1997). Input {@code (batch, steps, features)}; output {@code
 * (batch, units)} or {@code (batch, steps, units)}. States: the output and the cell's memory, {@code (batch, units)}
 * each.
 *
 * <p>The product of all steps' inputs with the kernel is computed at once, before the loop.
 */
public final class LSTM extends GatedRecurrent<LSTM, LSTMCell> {
    public LSTM(int units) {
        this(new LSTMCell(units));
    }

    private LSTM(LSTMCell cell) {
        super(cell, "lstm_cell");
    }

    static LSTM fromConfig(ConfigReader config) {
        return read(new LSTM(LSTMCell.read(config)), config);
    }

    /** Sets the function of the gates; null is "linear". */
    public LSTM recurrentActivation(@Nullable Object activation) {
        cell().recurrentActivation(activation);
        return this;
    }

    /** Says whether the forget gate's bias starts with ones. */
    public LSTM unitForgetBias(boolean unitForgetBias) {
        cell().unitForgetBias(unitForgetBias);
        return this;
    }

    /** With 1, dropout draws a mask for each gate; results do not differ otherwise. */
    public LSTM implementation(int implementation) {
        cell().implementation(implementation);
        return this;
    }

    /** With false, each step is computed by itself; otherwise the backend chooses. */
    public LSTM useCudnn(Object useCudnn) {
        cell().whole(!Boolean.FALSE.equals(useCudnn));
        return this;
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("seed", cell().seed());
        return config;
    }
}
