package org.keras4j.initializers;

import java.util.Map;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;

/** Gives {@code gain} on the diagonal of a matrix and zeros elsewhere. */
public final class Identity implements Initializer {
    private double gain = 1;

    public Identity() {}

    public Identity(double gain) {
        this.gain = gain;
    }

    public Identity gain(double gain) {
        this.gain = gain;
        return this;
    }

    @Override
    public NDArray call(Shape shape, DType dtype) {
        if (shape.rank() != 2)
            throw new IllegalArgumentException("Identity: expected a shape of two axes, got " + shape);
        NDArray out = NDArray.zeros(dtype, shape);
        int n = Math.min(shape.dim(0), shape.dim(1));
        for (int i = 0; i < n; i++) out.set(i * shape.dim(1) + i, gain);
        return out;
    }

    /** Has the gain only where it is not 1: Keras never writes it, but reads it. */
    @Override
    public Map<String, Object> getConfig() {
        return gain == 1 ? Map.of() : Map.of("gain", gain);
    }
}
