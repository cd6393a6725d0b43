package org.keras4j.backend.device;

import java.util.Arrays;
import java.util.List;
import org.keras4j.Shape;

/**
 * The axes of a shape to which inputs are broadcast, as few as do: axes of size 1 are dropped, and neighbours that each
 * input has both or lacks both are one.
 *
 * @param dims sizes, at least one
 * @param has {@code [input][axis]}: whether the input has the axis; else it repeats along it
 */
record BroadcastAxes(int[] dims, boolean[][] has) {
    static BroadcastAxes of(Shape shape, List<Shape> inputs) {
        int rank = shape.rank();
        var dims = new int[rank + 1];
        var has = new boolean[inputs.size()][rank + 1];
        int axes = 0;
        for (int axis = 0; axis < rank; axis++) {
            int size = shape.dim(axis);
            if (size == 1) continue;
            boolean joins = axes > 0;
            for (int k = 0; k < has.length; k++) {
                boolean present = inputs.get(k).dim(axis) != 1;
                joins &= axes > 0 && has[k][axes - 1] == present;
                has[k][axes] = present;
            }
            if (joins) dims[axes - 1] *= size;
            else dims[axes++] = size;
        }
        if (axes == 0) dims[axes++] = 1;
        for (int k = 0; k < has.length; k++) has[k] = Arrays.copyOf(has[k], axes);
        return new BroadcastAxes(Arrays.copyOf(dims, axes), has);
    }

    /** Returns the number of elements. */
    long size() {
        long size = 1;
        for (int dim : dims) size *= dim;
        return size;
    }

    int rank() {
        return dims.length;
    }

    /** Returns the size of the last axis. */
    int columns() {
        return dims[dims.length - 1];
    }

    /** Says whether input {@code k} is one number. */
    boolean isUniform(int k) {
        for (boolean present : has[k]) if (present) return false;
        return true;
    }

    /** Says whether input {@code k} goes on along the last axis. */
    boolean hasColumns(int k) {
        return has[k][dims.length - 1];
    }

    /**
     * Returns where the row of input {@code k} begins whose indices along all axes but the last are {@code i0}, {@code
     * i1}, ..., with the sizes of the axes called {@code d0}, {@code d1}, ...
     */
    String row(int k) {
        var text = new StringBuilder();
        for (int axis = 0; axis < dims.length; axis++) {
            if (!has[k][axis]) continue;
            boolean last = axis == dims.length - 1;
            if (!text.isEmpty()) text.insert(0, '(').append(") * d").append(axis);
            if (!last) text.append(text.isEmpty() ? "i" : " + i").append(axis);
        }
        return text.isEmpty() ? "0" : text.toString();
    }
}
