package org.keras4j.initializers;

import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.serialization.Configurable;

/** Makes the first value of a weight. */
public interface Initializer extends Configurable {
    /** Returns a new array of the given shape and dtype. */
    NDArray call(Shape shape, DType dtype);

    @Override
    default String module() {
        return "keras.initializers";
    }
}
