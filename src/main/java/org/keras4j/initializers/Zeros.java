package org.keras4j.initializers;

import java.util.Map;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;

/** Gives zeros. */
public final class Zeros implements Initializer {
    @Override
    public NDArray call(Shape shape, DType dtype) {
        return NDArray.zeros(dtype, shape);
    }

    @Override
    public Map<String, Object> getConfig() {
        return Map.of();
    }
}
