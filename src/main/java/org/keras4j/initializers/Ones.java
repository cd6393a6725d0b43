package org.keras4j.initializers;

import java.util.Map;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;

/** Gives ones. */
public final class Ones implements Initializer {
    @Override
    public NDArray call(Shape shape, DType dtype) {
        return NDArray.full(dtype, shape, 1);
    }

    @Override
    public Map<String, Object> getConfig() {
        return Map.of();
    }
}
