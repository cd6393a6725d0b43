package org.keras4j.backend;

import java.util.Random;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;

/** Test data. */
final class Samples {
    /** Sizes around vector and block edges, and primes. */
    static final int[] SIZES = {1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 33, 61, 127, 255, 256, 257, 1009, 4099};

    static final DType[] FLOATING = {DType.FLOAT16, DType.BFLOAT16, DType.FLOAT32, DType.FLOAT64};
    static final DType[] INTEGERS = {
        DType.UINT8, DType.UINT16, DType.UINT32, DType.INT8, DType.INT16, DType.INT32, DType.INT64
    };

    private Samples() {}

    /** Returns numbers from -1 to 1, or small integers (-9 to 9, from 0 if unsigned), or bools. */
    static NDArray random(DType dtype, Shape shape, long seed) {
        var random = new Random(seed * 31 + 7);
        NDArray out = NDArray.zeros(dtype, shape);
        for (int i = 0; i < out.size(); i++) {
            if (dtype.isFloating()) out.set(i, random.nextDouble() * 2 - 1);
            else if (dtype == DType.BOOL) out.set(i, random.nextInt(2));
            else out.set(i, random.nextInt(19) - (dtype.isUnsigned() ? 0 : 9));
        }
        return out;
    }

    static NDArray random(Shape shape, long seed) {
        return random(DType.FLOAT32, shape, seed);
    }

    static NDArray of(DType dtype, double... values) {
        NDArray out = NDArray.zeros(dtype, Shape.of(values.length));
        for (int i = 0; i < values.length; i++) out.set(i, values[i]);
        return out;
    }

    static NDArray indices(int... values) {
        return NDArray.of(Shape.of(values.length), values);
    }

    /** Returns row-major coordinates of element {@code index}. */
    static int[] coordinates(Shape shape, int index) {
        var at = new int[shape.rank()];
        for (int axis = at.length - 1, rest = index; axis >= 0; axis--) {
            at[axis] = rest % shape.dim(axis);
            rest /= shape.dim(axis);
        }
        return at;
    }

    /** Returns the row-major index of {@code at}; coordinates of axes of size 1 do not count. */
    static int index(Shape shape, int... at) {
        int index = 0;
        for (int axis = 0; axis < at.length; axis++)
            index = index * shape.dim(axis) + (shape.dim(axis) == 1 ? 0 : at[axis]);
        return index;
    }
}
