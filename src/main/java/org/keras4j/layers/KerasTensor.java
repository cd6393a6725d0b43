package org.keras4j.layers;

import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.Shape;

/**
 * A place in a functional model: what a layer will give, known only by shape (some sizes may be unknown) and dtype.
 * Compared by identity.
 */
public final class KerasTensor {
    private final String name;
    private final Shape shape;
    private final DType dtype;
    private @Nullable Node node;
    private int index;

    /** Makes a tensor that no layer has made yet, such as for shape inference. */
    public KerasTensor(Shape shape, DType dtype, String name) {
        this.shape = shape;
        this.dtype = dtype;
        this.name = name;
    }

    public Shape shape() {
        return shape;
    }

    public DType dtype() {
        return dtype;
    }

    public String name() {
        return name;
    }

    /** Returns the call that makes this tensor; null for one that was made for shape inference only. */
    public @Nullable Node node() {
        return node;
    }

    /** Returns the place of this tensor among the node's outputs. */
    public int index() {
        return index;
    }

    void madeBy(Node by, int at) {
        node = by;
        index = at;
    }

    @Override
    public String toString() {
        return "<KerasTensor shape=" + shape + ", dtype=" + dtype + ", name=" + name + ">";
    }
}
