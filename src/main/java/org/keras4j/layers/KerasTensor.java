package org.keras4j.layers;

import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.Shape;

/**
 * A place in a functional model: what a layer will give, known only by shape (some sizes may be unknown) and dtype.
 * Where it holds strings, which only layers that look them up can take, it has no dtype. Compared by identity.
 */
public final class KerasTensor {
    private final String name;
    private final Shape shape;
    private final @Nullable DType dtype;
    private @Nullable Node node;
    private int index;

    /** Makes a tensor that no layer has made yet, such as for shape inference. */
    public KerasTensor(Shape shape, DType dtype, String name) {
        this(name, shape, dtype);
    }

    private KerasTensor(String name, Shape shape, @Nullable DType dtype) {
        this.shape = shape;
        this.dtype = dtype;
        this.name = name;
    }

    /** Returns a tensor that no layer has made yet, otherwise like this one. */
    public KerasTensor copy() {
        return new KerasTensor(name, shape, dtype);
    }

    /** Makes a place for strings. */
    public static KerasTensor ofStrings(Shape shape, String name) {
        return new KerasTensor(name, shape, null);
    }

    public Shape shape() {
        return shape;
    }

    /**
     * Returns the dtype.
     *
     * @throws IllegalArgumentException if it holds strings
     */
    public DType dtype() {
        if (dtype == null)
            throw new IllegalArgumentException("expected numbers, got strings of shape " + shape
                    + "; StringLookup, TextVectorization and Hashing make numbers of them");
        return dtype;
    }

    /** Says whether it holds strings. */
    public boolean isStrings() {
        return dtype == null;
    }

    /** Returns Keras's name of the dtype, {@code "string"} for strings. */
    public String dtypeName() {
        return dtype == null ? "string" : dtype.keras();
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

    // ---- Python's operators: other is a KerasTensor, a Tensor, a number or an array ---------------------------------

    /** Returns {@code this + other}. */
    public KerasTensor add(Object other) {
        return OpLayer.call("Add", this, other);
    }

    /** Returns {@code this - other}. */
    public KerasTensor subtract(Object other) {
        return OpLayer.call("Subtract", this, other);
    }

    /** Returns {@code this * other}. */
    public KerasTensor multiply(Object other) {
        return OpLayer.call("Multiply", this, other);
    }

    /** Returns {@code this / other}; of integers, too, a float. */
    public KerasTensor divide(Object other) {
        return OpLayer.call("TrueDivide", this, other);
    }

    /** Returns {@code this / other} rounded towards minus infinity. */
    public KerasTensor floorDivide(Object other) {
        return OpLayer.call("FloorDivide", this, other);
    }

    /** Returns the rest of the division, with the sign of {@code other}. */
    public KerasTensor mod(Object other) {
        return OpLayer.call("Mod", this, other);
    }

    /** Returns {@code this} to the power of {@code other}. */
    public KerasTensor power(Object other) {
        return OpLayer.call("Power", this, other);
    }

    /** Returns the matrix product over the last two axes. */
    public KerasTensor matmul(Object other) {
        return OpLayer.call("Matmul", this, other);
    }

    /** Returns {@code -this}. */
    public KerasTensor negative() {
        return OpLayer.call("Negative", this);
    }

    /** Returns the absolute value. */
    public KerasTensor abs() {
        return OpLayer.call("Absolute", this);
    }

    @Override
    public String toString() {
        return "<KerasTensor shape=" + shape + ", dtype=" + dtypeName() + ", name=" + name + ">";
    }
}
