package org.keras4j.backend;

import org.keras4j.DType;
import org.keras4j.Shape;

/** A row-major, contiguous tensor inside a memory. {@code offset} counts elements from the memory's start. */
public record View(Memory memory, long offset, Shape shape, DType dtype) {
    /** Returns the same elements under another shape. */
    public View reshape(Shape to) {
        return new View(memory, offset, to, dtype);
    }

    public int size() {
        return shape.size();
    }
}
