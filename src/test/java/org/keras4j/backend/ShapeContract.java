package org.keras4j.backend;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.op.Ints;
import org.keras4j.op.Op;

/** Operations that move elements: each is checked in every dtype by where an element of the result comes from. */
interface ShapeContract extends Contract {
    private void check(Op op, DType dtype, Shape from, Shape to, UnaryOperator<int[]> source, Prepare prepare) {
        NDArray x = Samples.random(dtype, from, 6);
        NDArray expected = NDArray.zeros(dtype, to);
        for (int i = 0; i < to.size(); i++) {
            int[] at = source.apply(Samples.coordinates(to, i));
            if (at.length == from.rank()) expected.set(i, x.get(Samples.index(from, at)));
        }
        String what = op + " of " + dtype + from;
        Closeness.assertSame(what, expected, bench().run(what, dtype, to, out -> prepare.kernel(bench().put(x), out)));
    }

    /** Prepares a kernel of one input. */
    interface Prepare {
        Kernel kernel(View x, View out);
    }

    @Test
    default void transposesEveryWay() {
        for (DType dtype : DType.values())
            for (Shape shape : List.of(Shape.of(5), Shape.of(3, 5), Shape.of(2, 3, 5), Shape.of(2, 3, 4, 5)))
                for (int[] order : permutations(shape.rank())) checkTranspose(dtype, shape, order);
        for (int m : Samples.SIZES)
            for (int n : new int[] {1, 8, 17, 33}) checkTranspose(DType.FLOAT32, Shape.of(m, n), new int[] {1, 0});
        checkTranspose(DType.FLOAT32, Shape.of(2, 1, 3, 1, 5), new int[] {4, 1, 3, 0, 2});
        checkTranspose(DType.FLOAT32, Shape.of(65, 3, 67), new int[] {2, 1, 0});
        checkTranspose(DType.FLOAT32, Shape.of(5, 64, 33), new int[] {0, 2, 1});
        checkTranspose(DType.FLOAT32, Shape.SCALAR, new int[0]);
        checkTranspose(DType.FLOAT32, Shape.of(0, 3), new int[] {1, 0});
    }

    private void checkTranspose(DType dtype, Shape shape, int[] order) {
        var op = new Op.Transpose(Ints.of(order));
        var dims = new int[order.length];
        for (int i = 0; i < dims.length; i++) dims[i] = shape.dim(order[i]);
        check(
                op,
                dtype,
                shape,
                Shape.of(dims),
                at -> {
                    var source = new int[at.length];
                    for (int i = 0; i < at.length; i++) source[order[i]] = at[i];
                    return source;
                },
                (x, out) -> backend().transpose(op, x, out));
    }

    private static List<int[]> permutations(int n) {
        List<int[]> all = new ArrayList<>();
        int count = 1;
        for (int i = 2; i <= n; i++) count *= i;
        for (int code = 0; code < count; code++) {
            List<Integer> left = new ArrayList<>();
            for (int i = 0; i < n; i++) left.add(i);
            var order = new int[n];
            int rest = code;
            for (int i = 0; i < n; i++) {
                order[i] = left.remove(rest % left.size());
                rest /= n - i;
            }
            all.add(order);
        }
        return all;
    }

    @Test
    default void slicesWithStrides() {
        for (DType dtype : DType.values()) {
            checkSlice(dtype, Shape.of(11), Ints.of(2), Ints.of(4), Ints.of(2));
            checkSlice(dtype, Shape.of(5, 33), Ints.of(1, 0), Ints.of(3, 33), Ints.of(1, 1));
            checkSlice(dtype, Shape.of(5, 33), Ints.of(0, 16), Ints.of(5, 17), Ints.of(1, 1));
            checkSlice(dtype, Shape.of(4, 7, 6), Ints.of(1, 2, 1), Ints.of(2, 2, 2), Ints.of(2, 3, 4));
        }
        checkSlice(DType.FLOAT32, Shape.of(2, 3, 4, 5), Ints.of(0, 1, 0, 2), Ints.of(2, 2, 4, 1), Ints.of(1, 1, 1, 1));
        checkSlice(DType.FLOAT32, Shape.of(1009), Ints.of(3), Ints.of(503), Ints.of(2));
        checkSlice(DType.FLOAT32, Shape.of(3, 4), Ints.of(1, 2), Ints.of(0, 2), Ints.of(1, 1));
    }

    private void checkSlice(DType dtype, Shape shape, Ints starts, Ints sizes, Ints strides) {
        var op = new Op.Slice(starts, sizes, strides);
        check(
                op,
                dtype,
                shape,
                Shape.of(sizes.toArray()),
                at -> {
                    for (int i = 0; i < at.length; i++) at[i] = starts.get(i) + at[i] * strides.get(i);
                    return at;
                },
                (x, out) -> backend().slice(op, x, out));
    }

    @Test
    default void flipsEverySetOfAxes() {
        for (DType dtype : DType.values())
            for (Shape shape : List.of(Shape.of(9), Shape.of(3, 17), Shape.of(3, 4, 5)))
                for (int mask = 0; mask < 1 << shape.rank(); mask++) {
                    int chosen = mask;
                    var op = new Op.Flip(Ints.of(IntStream.range(0, shape.rank())
                            .filter(i -> (chosen >> i & 1) == 1)
                            .toArray()));
                    check(
                            op,
                            dtype,
                            shape,
                            shape,
                            at -> {
                                for (int i = 0; i < at.length; i++)
                                    if ((chosen >> i & 1) == 1) at[i] = shape.dim(i) - 1 - at[i];
                                return at;
                            },
                            (x, out) -> backend().flip(op, x, out));
                }
    }

    @Test
    default void padsWithZeros() {
        for (DType dtype : DType.values()) {
            checkPad(dtype, Shape.of(7), Ints.of(2), Ints.of(3), Ints.of(0));
            checkPad(dtype, Shape.of(3, 5), Ints.of(0, 1), Ints.of(2, 0), Ints.of(1, 2));
        }
        checkPad(DType.FLOAT32, Shape.of(2, 5, 6, 3), Ints.of(0, 1, 2, 0), Ints.of(0, 1, 2, 0), Ints.of(0, 0, 0, 0));
        checkPad(DType.FLOAT32, Shape.of(1), Ints.of(0), Ints.of(0), Ints.of(5));
        checkPad(DType.FLOAT32, Shape.of(0, 2), Ints.of(1, 0), Ints.of(1, 0), Ints.of(0, 0));
        checkPad(DType.FLOAT32, Shape.of(257), Ints.of(1), Ints.of(16), Ints.of(1));
        checkPad(DType.FLOAT32, Shape.SCALAR, Ints.NONE, Ints.NONE, Ints.NONE);
    }

    private void checkPad(DType dtype, Shape shape, Ints low, Ints high, Ints interior) {
        var op = new Op.Pad(low, high, interior);
        int[] dims = shape.dims();
        for (int i = 0; i < dims.length; i++)
            dims[i] += low.get(i) + high.get(i) + Math.max(0, dims[i] - 1) * interior.get(i);
        check(
                op,
                dtype,
                shape,
                Shape.of(dims),
                at -> {
                    for (int i = 0; i < at.length; i++) {
                        int place = at[i] - low.get(i);
                        int step = interior.get(i) + 1;
                        if (place < 0 || place % step != 0 || place / step >= shape.dim(i))
                            return new int[at.length + 1];
                        at[i] = place / step;
                    }
                    return at;
                },
                (x, out) -> backend().pad(op, x, out));
    }

    @Test
    default void concatenatesAlongEachAxis() {
        for (DType dtype : DType.values())
            for (int axis = 0; axis < 3; axis++) checkConcatenate(dtype, Shape.of(3, 5, 7), axis, 1, 4, 2);
        checkConcatenate(DType.FLOAT32, Shape.of(33), 0, 1, 255, 16, 31);
        checkConcatenate(DType.FLOAT32, Shape.of(17, 1), 1, 64, 1, 33);
        checkConcatenate(DType.FLOAT32, Shape.of(4, 4), 1, 3);
        checkConcatenate(DType.FLOAT32, Shape.of(4, 4), 0, 3, 0, 2);
    }

    private void checkConcatenate(DType dtype, Shape like, int axis, int... sizes) {
        List<NDArray> parts = new ArrayList<>();
        int total = 0;
        for (int size : sizes) {
            parts.add(Samples.random(dtype, like.with(axis, size), total));
            total += size;
        }
        Shape to = like.with(axis, total);
        NDArray expected = NDArray.zeros(dtype, to);
        for (int i = 0; i < to.size(); i++) {
            int[] at = Samples.coordinates(to, i);
            int part = 0;
            while (at[axis] >= sizes[part]) at[axis] -= sizes[part++];
            expected.set(i, parts.get(part).get(Samples.index(parts.get(part).shape(), at)));
        }
        var op = new Op.Concatenate(axis);
        List<View> views = parts.stream().map(bench()::put).toList();
        String what = op + " of " + dtype + parts.stream().map(NDArray::shape).toList();
        Closeness.assertSame(
                what, expected, bench().run(what, dtype, to, out -> backend().concatenate(op, views, out)));
    }
}
