package org.keras4j.ops;

import org.keras4j.Shape;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.op.Ints;
import org.keras4j.op.Op;

/** Operations on matrices in the last two axes. */
final class LinearAlgebra {
    private LinearAlgebra() {}

    /** The diagonal of two axes becomes the last axis. */
    static Tensor diagonal(Tensor x, int offset, int axis1, int axis2) {
        if (x.rank() < 2)
            throw new IllegalArgumentException("diagonal: expected at least two axes, got " + x.shape());
        Tensor y = Shaping.moveaxis(x, new int[] {axis1, axis2}, new int[] {-2, -1});
        int rows = y.shape().dim(-2);
        int columns = y.shape().last();
        int n = Math.max(0, offset >= 0 ? Math.min(rows, columns - offset) : Math.min(rows + offset, columns));
        Shape outer = y.shape().slice(0, y.rank() - 2);
        Tensor flat = Primitives.reshape(y, outer.concat(Shape.of(rows * columns)));
        int[] starts = new int[flat.rank()];
        int[] sizes = flat.shape().with(-1, n).dims();
        int[] strides = Ints.repeat(1, flat.rank()).toArray();
        if (n > 0) starts[starts.length - 1] = offset >= 0 ? offset : -offset * columns;
        strides[strides.length - 1] = columns + 1;
        return Tensor.of(new Op.Slice(Ints.of(starts), Ints.of(sizes), Ints.of(strides)), flat);
    }
}
