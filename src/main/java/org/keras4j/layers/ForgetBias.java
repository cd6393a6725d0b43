package org.keras4j.layers;

import java.util.Map;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.initializers.Initializer;

/**
 * Starts the bias of an LSTM with ones for the forget gate, so that it remembers at first (Jozefowicz et al. 2015).
 *
 * @param others gives the values of the other gates
 */
record ForgetBias(Initializer others, int units) implements Initializer {
    @Override
    public NDArray call(Shape shape, DType dtype) {
        NDArray first = others.call(Shape.of(units), dtype);
        NDArray last = others.call(Shape.of(2 * units), dtype);
        NDArray bias = NDArray.full(dtype, shape, 1);
        for (int i = 0; i < units; i++) bias.set(i, first.get(i));
        for (int i = 0; i < 2 * units; i++) bias.set(2 * units + i, last.get(i));
        return bias;
    }

    /** The layer's config has the other gates' initializer instead of this one. */
    @Override
    public Map<String, Object> getConfig() {
        return others.getConfig();
    }
}
