package org.keras4j.layers;

import java.util.List;
import org.keras4j.Shape;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Variable;
import org.keras4j.serialization.ConfigReader;

/** The step of {@link SimpleRNN}: {@code h = activation(x kernel + h recurrent_kernel + bias)}. */
public final class SimpleRNNCell extends GatedCell<SimpleRNNCell> {
    public SimpleRNNCell(int units) {
        super(units, 1);
    }

    static SimpleRNNCell fromConfig(ConfigReader config) {
        var cell = new SimpleRNNCell(config.integer("units"));
        cell.readOptions(config);
        return configure(cell, config);
    }

    @Override
    Variable addBias() {
        return biasParameter().add(this, Shape.of(units()));
    }

    @Override
    protected Step advance(Tensor projected, List<?> states, boolean training) {
        Tensor recurrent = recur((Tensor) states.getFirst(), recurrentKernel(), training);
        Tensor h = activation().call(Primitives.add(projected, recurrent));
        return new Step(h, List.of(h));
    }
}
