package org.keras4j.layers;

import java.util.List;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/** Takes the second of its two inputs from the first. */
public final class Subtract extends Merge<Subtract> {
    static Subtract fromConfig(ConfigReader config) {
        return configure(new Subtract(), config);
    }

    @Override
    protected void buildAll(Object inputs) {
        super.buildAll(inputs);
        if (((List<?>) inputs).size() != 2) throw refuse("expected two inputs", inputs);
    }

    @Override
    Tensor merge(List<Tensor> inputs) {
        if (inputs.size() != 2) throw refuse("expected two inputs", inputs);
        return K.subtract(inputs.get(0), inputs.get(1));
    }
}
