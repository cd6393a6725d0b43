package org.keras4j.layers;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.keras4j.serialization.ConfigReader;

/**
 * Runs any {@link RNNCell} over the steps of its input {@code (batch, steps, ...)}.
 *
 * <p>Arguments of a call: the sequences, {@code initial_state} (a tensor or list), {@code mask (batch, steps)},
 * {@code training}. A masked step leaves the states as they are.
 */
public final class RNN extends Recurrent<RNN> {
    public RNN(RNNCell<?> cell) {
        super(cell);
    }

    /** Runs several cells, one on top of the other. */
    public RNN(List<? extends RNNCell<?>> cells) {
        this(new StackedRNNCells(cells));
    }

    static RNN fromConfig(ConfigReader config) {
        Object cell = config.get("cell");
        RNN layer;
        if (cell instanceof List<?> list) {
            List<RNNCell<?>> cells = new ArrayList<>();
            for (Object c : list) cells.add(config.deserialize("cell", c, RNNCell.class));
            layer = new RNN(cells);
        } else if (cell == null) {
            throw config.wrong("cell", "a cell", null);
        } else {
            layer = new RNN(config.deserialize("cell", cell, RNNCell.class));
        }
        layer.readLoop(config);
        return configure(layer, config);
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        putLoop(config);
        config.put("cell", cell());
        return config;
    }
}
