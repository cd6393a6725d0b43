package org.keras4j.saving.legacy;

import java.util.List;
import org.keras4j.NDArray;
import org.keras4j.Shape;

/** Rearrangements of weights on the host. */
final class WeightTransforms {
    private WeightTransforms() {}

    /** Returns the array whose axis {@code i} is axis {@code order[i]} of {@code array}. */
    static NDArray transpose(NDArray array, int... order) {
        int rank = array.shape().rank();
        var dims = new int[rank];
        for (int i = 0; i < rank; i++) dims[i] = array.shape().dim(order[i]);
        int[] from = strides(array.shape());
        var steps = new int[rank];
        for (int i = 0; i < rank; i++) steps[i] = from[order[i]];
        return gather(array, Shape.of(dims), steps, 0);
    }

    /** Returns the array with the first {@code axes} axes reversed. */
    static NDArray reverseFirst(NDArray array, int axes) {
        int[] steps = strides(array.shape());
        int start = 0;
        for (int i = 0; i < axes; i++) {
            start += steps[i] * (array.shape().dim(i) - 1);
            steps[i] = -steps[i];
        }
        return gather(array, array.shape(), steps, start);
    }

    /** Joins arrays along their last axis. */
    static NDArray joinLast(List<NDArray> arrays) {
        Shape first = arrays.getFirst().shape();
        int rows = (int) first.size(0, first.rank() - 1);
        int width = 0;
        for (NDArray array : arrays) width += array.shape().last();
        NDArray out = NDArray.zeros(arrays.getFirst().dtype(), first.with(-1, width));
        int column = 0;
        for (NDArray array : arrays) {
            int columns = array.shape().last();
            for (int row = 0; row < rows; row++)
                System.arraycopy(array.data(), row * columns, out.data(), row * width + column, columns);
            column += columns;
        }
        return out;
    }

    /** Copies columns {@code from} to {@code to} of the last axis. */
    static NDArray lastColumns(NDArray array, int from, int to) {
        int width = array.shape().last();
        int rows = (int) array.shape().size(0, array.shape().rank() - 1);
        NDArray out = NDArray.zeros(array.dtype(), array.shape().with(-1, to - from));
        for (int row = 0; row < rows; row++)
            System.arraycopy(array.data(), row * width + from, out.data(), row * (to - from), to - from);
        return out;
    }

    private static int[] strides(Shape shape) {
        var strides = new int[shape.rank()];
        int step = 1;
        for (int i = strides.length - 1; i >= 0; i--) {
            strides[i] = step;
            step *= shape.dim(i);
        }
        return strides;
    }

    private static NDArray gather(NDArray array, Shape shape, int[] steps, int start) {
        NDArray out = NDArray.zeros(array.dtype(), shape);
        var index = new int[steps.length];
        int from = start;
        for (int to = 0; to < out.size(); to++) {
            System.arraycopy(array.data(), from, out.data(), to, 1);
            for (int axis = steps.length - 1; axis >= 0; axis--) {
                from += steps[axis];
                if (++index[axis] < shape.dim(axis)) break;
                from -= steps[axis] * shape.dim(axis);
                index[axis] = 0;
            }
        }
        return out;
    }
}
