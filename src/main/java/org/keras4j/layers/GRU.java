package org.keras4j.layers;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.serialization.ConfigReader;

/**
 * Gated recurrent unit (Cho et al. 2014). Input {@code (batch, steps, features)}; output and state {@code (batch,
 * units)}, or output {@code (batch, steps, units)}.
 *
 * <p>The product of all steps' inputs with the kernel is computed at once, before the loop.
 */
public final class GRU extends GatedRecurrent<GRU, GRUCell> {
    public GRU(int units) {
        this(new GRUCell(units));
    }

    private GRU(GRUCell cell) {
        super(cell, "gru_cell");
    }

    static GRU fromConfig(ConfigReader config) {
        return read(new GRU(GRUCell.read(config)), config);
    }

    /** Sets the function of the gates; null is "linear". */
    public GRU recurrentActivation(@Nullable Object activation) {
        cell().recurrentActivation(activation);
        return this;
    }

    /** Says whether the reset gate acts after the product with the recurrent kernel (as cuDNN has it) or before. */
    public GRU resetAfter(boolean resetAfter) {
        cell().resetAfter(resetAfter);
        return this;
    }

    /** With 1, dropout draws a mask for each gate; results do not differ otherwise. */
    public GRU implementation(int implementation) {
        cell().implementation(implementation);
        return this;
    }

    /** With false, each step is computed by itself; otherwise the backend chooses. */
    public GRU useCudnn(Object useCudnn) {
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
