package org.keras4j;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The sizes of a tensor's axes. A size of {@link #UNKNOWN} stands for Keras's {@code None}; only shapes of symbolic
 * tensors have such axes.
 */
public final class Shape {
    /** The size of an axis that is not known before data comes. */
    public static final int UNKNOWN = -1;

    public static final Shape SCALAR = new Shape(new int[0]);

    private final int[] dims;

    private Shape(int[] dims) {
        this.dims = dims;
    }

    /** Returns the shape with these sizes; each is 0 or more, or {@link #UNKNOWN}. */
    public static Shape of(int... dims) {
        for (int d : dims)
            if (d < UNKNOWN)
                throw new IllegalArgumentException(
                        "A shape's sizes must be 0 or more (or -1 for unknown), got " + Arrays.toString(dims));
        return dims.length == 0 ? SCALAR : new Shape(dims.clone());
    }

    /** Returns the shape with these sizes; null stands for unknown, as in Keras's JSON. */
    public static Shape of(List<? extends @Nullable Number> dims) {
        var sizes = new int[dims.size()];
        for (int i = 0; i < sizes.length; i++) {
            Number d = dims.get(i);
            sizes[i] = d == null ? UNKNOWN : d.intValue();
        }
        return of(sizes);
    }

    public int rank() {
        return dims.length;
    }

    /** Returns the size of an axis; a negative axis counts from the end. */
    public int dim(int axis) {
        return dims[axis(axis)];
    }

    /** Returns the last size. */
    public int last() {
        return dim(-1);
    }

    /** Returns {@code axis} as a number from 0 to rank - 1; a negative one counts from the end. */
    public int axis(int axis) {
        if (axis < -dims.length || axis >= dims.length)
            throw new IllegalArgumentException("Axis " + axis + " is out of bounds for shape " + this);
        return axis < 0 ? axis + dims.length : axis;
    }

    /** Returns a copy of the sizes. */
    public int[] dims() {
        return dims.clone();
    }

    /** Says whether no axis is unknown. */
    public boolean isKnown() {
        for (int d : dims) if (d == UNKNOWN) return false;
        return true;
    }

    /** Returns the number of elements, which must fit an int. */
    public int size() {
        return Math.toIntExact(size(0, dims.length));
    }

    /** Returns the product of the sizes of the axes {@code from} (inclusive) to {@code to} (exclusive). */
    public long size(int from, int to) {
        long size = 1;
        for (int i = from; i < to; i++) {
            if (dims[i] == UNKNOWN) throw new IllegalStateException("Shape " + this + " is not fully known");
            size = Math.multiplyExact(size, (long) dims[i]);
        }
        return size;
    }

    /** Returns this shape with another size at {@code axis}. */
    public Shape with(int axis, int size) {
        int[] changed = dims.clone();
        changed[axis(axis)] = size;
        return of(changed);
    }

    /** Returns this shape without {@code axis}. */
    public Shape without(int axis) {
        int at = axis(axis);
        var rest = new int[dims.length - 1];
        System.arraycopy(dims, 0, rest, 0, at);
        System.arraycopy(dims, at + 1, rest, at, rest.length - at);
        return of(rest);
    }

    /** Returns this shape with a new axis of {@code size} that becomes number {@code axis}; -1 appends. */
    public Shape insert(int axis, int size) {
        int at = axis < 0 ? axis + dims.length + 1 : axis;
        var more = new int[dims.length + 1];
        System.arraycopy(dims, 0, more, 0, at);
        more[at] = size;
        System.arraycopy(dims, at, more, at + 1, dims.length - at);
        return of(more);
    }

    /** Returns the axes {@code from} (inclusive) to {@code to} (exclusive); negative numbers count from the end. */
    public Shape slice(int from, int to) {
        int start = from < 0 ? from + dims.length : from;
        int stop = to < 0 ? to + dims.length : to;
        return of(Arrays.copyOfRange(dims, start, stop));
    }

    /** Returns the axes from {@code from} to the last. */
    public Shape from(int from) {
        return slice(from, dims.length);
    }

    /** Returns this shape followed by {@code other}. */
    public Shape concat(Shape other) {
        int[] both = Arrays.copyOf(dims, dims.length + other.dims.length);
        System.arraycopy(other.dims, 0, both, dims.length, other.dims.length);
        return of(both);
    }

    /** Returns the sizes as Keras writes them in JSON: null where unknown. */
    public List<@Nullable Integer> toList() {
        return Arrays.stream(dims)
                .mapToObj(d -> d == UNKNOWN ? (@Nullable Integer) null : (@Nullable Integer) d)
                .collect(Collectors.toList());
    }

    /** Says whether {@code other}, where both are known, has the same sizes. */
    public boolean isCompatible(Shape other) {
        if (rank() != other.rank()) return false;
        for (int i = 0; i < dims.length; i++)
            if (dims[i] != other.dims[i] && dims[i] != UNKNOWN && other.dims[i] != UNKNOWN) return false;
        return true;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Shape s && Arrays.equals(dims, s.dims);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(dims);
    }

    /** Returns the shape as Keras prints it: {@code (None, 28, 28, 1)}, {@code (3,)}, {@code ()}. */
    @Override
    public String toString() {
        String inside = Arrays.stream(dims)
                .mapToObj(d -> d == UNKNOWN ? "None" : String.valueOf(d))
                .collect(Collectors.joining(", "));
        return dims.length == 1 ? "(" + inside + ",)" : "(" + inside + ")";
    }
}
