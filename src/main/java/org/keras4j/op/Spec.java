package org.keras4j.op;

import org.keras4j.DType;
import org.keras4j.Shape;

/** What is known of a value before it is computed. */
public record Spec(DType dtype, Shape shape) {
    @Override
    public String toString() {
        return dtype + shape.toString();
    }
}
