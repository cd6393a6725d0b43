package org.keras4j.layers;

import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.Shape;

/**
 * The input of a model: {@code new Input(28, 28, 1)} has shape (None, 28, 28, 1). Give it to {@code Sequential} as the
 * first element, or use {@link #tensor} in the functional API.
 */
public final class Input implements Stackable {
    private final Shape shape;
    private int batchSize = Shape.UNKNOWN;
    private @Nullable DType dtype = DTypePolicy.global().compute();
    private String name = "";
    private @Nullable InputLayer layer;

    /** Takes the sizes without the batch axis; -1 where unknown. */
    public Input(int... shape) {
        this.shape = Shape.of(shape);
    }

    public Input(Shape shape) {
        this.shape = shape;
    }

    /** Fixes the size of the batch axis. */
    public Input batchSize(int batchSize) {
        this.batchSize = batchSize;
        return this;
    }

    /** Sets the dtype of the data; {@code "string"} for strings. */
    public Input dtype(String dtype) {
        this.dtype = dtype.equals("string") ? null : DType.of(dtype);
        return this;
    }

    public Input name(String name) {
        this.name = name;
        return this;
    }

    /** Returns the layer that this stands for; always the same one. */
    @Override
    public InputLayer layer() {
        if (layer == null) layer = new InputLayer(shape.insert(0, batchSize), dtype, name);
        return layer;
    }

    /** Returns the symbolic tensor for the functional API. */
    public KerasTensor tensor() {
        return layer().output();
    }
}
