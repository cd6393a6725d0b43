package org.keras4j.backend.reference;

import org.keras4j.Shape;

/**
 * A row-major walk over a box that keeps one position per list of strides. After {@link #size} steps it stands at its
 * start again.
 */
final class Walk {
    private final int[] dims;
    private final int[][] strides;
    private final int[] index;
    private final int[] at;
    private final int size;

    Walk(int[] dims, int[]... strides) {
        this.dims = dims;
        this.strides = strides;
        this.index = new int[dims.length];
        this.at = new int[strides.length];
        this.size = Shape.of(dims).size();
    }

    /** Returns the row-major strides of a contiguous tensor. */
    static int[] strides(Shape shape) {
        var strides = new int[shape.rank()];
        int step = 1;
        for (int axis = strides.length - 1; axis >= 0; axis--) {
            strides[axis] = step;
            step *= Math.max(1, shape.dim(axis));
        }
        return strides;
    }

    /** Returns the strides of {@code shape} with 0 where its size is 1, so that it repeats. */
    static int[] broadcastStrides(Shape shape) {
        int[] strides = strides(shape);
        for (int axis = 0; axis < strides.length; axis++) if (shape.dim(axis) == 1) strides[axis] = 0;
        return strides;
    }

    int size() {
        return size;
    }

    /** Returns the position that belongs to list {@code k} of strides. */
    int at(int k) {
        return at[k];
    }

    void advance() {
        for (int axis = dims.length - 1; axis >= 0; axis--) {
            boolean inside = ++index[axis] < dims[axis];
            for (int k = 0; k < at.length; k++)
                at[k] += inside ? strides[k][axis] : -strides[k][axis] * (dims[axis] - 1);
            if (inside) return;
            index[axis] = 0;
        }
    }
}
