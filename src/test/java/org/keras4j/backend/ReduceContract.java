package org.keras4j.backend;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.op.Ints;
import org.keras4j.op.Op;
import org.keras4j.op.Op.Reduction;

/** Reductions, running ones, arg-reductions and sorting. */
interface ReduceContract extends Contract {
    @ParameterizedTest
    @EnumSource(Reduction.class)
    default void reducesEverySetOfAxes(Reduction function) {
        for (DType dtype : DType.values())
            for (Shape shape : List.of(Shape.of(17), Shape.of(5, 33), Shape.of(3, 5, 9), Shape.of(2, 3, 2, 17)))
                for (int mask = 0; mask < 1 << shape.rank(); mask++) checkReduce(function, dtype, shape, axes(mask));
    }

    @ParameterizedTest
    @EnumSource(Reduction.class)
    default void reducesAwkwardSizes(Reduction function) {
        for (int n : Samples.SIZES) {
            checkReduce(function, DType.FLOAT32, Shape.of(n), Ints.of(0));
            checkReduce(function, DType.FLOAT32, Shape.of(3, n), Ints.of(1));
            checkReduce(function, DType.FLOAT32, Shape.of(n, 19), Ints.of(0));
            checkReduce(function, DType.FLOAT64, Shape.of(n, 2), Ints.of(0));
            checkReduce(function, DType.FLOAT32, Shape.of(n, 1, 5), Ints.of(0, 2));
        }
        checkReduce(function, DType.FLOAT32, Shape.SCALAR, Ints.NONE);
        checkReduce(function, DType.FLOAT32, Shape.of(3, 0), Ints.of(1));
        checkReduce(function, DType.INT32, Shape.of(3, 0), Ints.of(1));
    }

    private static Ints axes(int mask) {
        return Ints.of(IntStream.range(0, 8).filter(i -> (mask >> i & 1) == 1).toArray());
    }

    private void checkReduce(Reduction function, DType dtype, Shape shape, Ints axes) {
        NDArray x = Samples.random(dtype, shape, 3);
        int[] dims = shape.dims();
        for (int axis : axes.toArray()) dims[axis] = 1;
        Shape to = Shape.of(dims);
        NDArray expected = reduced(function, x, to);
        var op = new Op.Reduce(function, axes);
        String what = op + " of " + dtype + shape;
        NDArray got = bench().run(what, dtype, to, out -> backend().reduce(op, bench().put(x), out));
        int length = to.size() == 0 ? 0 : shape.size() / to.size();
        double sums = dtype == DType.FLOAT64 ? 0x1p-52 : 0x1p-23;
        switch (function) {
            // a tree of float32 sums has this few roundings; a plain running sum of thousands does not pass
            case SUM -> Closeness.assertSums(what, expected, got, 8, Math.sqrt(length));
            case PROD ->
                Closeness.assertClose(
                        what,
                        expected,
                        got,
                        2 * Closeness.epsilon(dtype) + length * sums,
                        dtype == DType.FLOAT16 ? 0x1p-24 : Float.MIN_NORMAL);
            case MAX, MIN -> Closeness.assertSame(what, expected, got);
        }
    }

    private static NDArray reduced(Reduction function, NDArray x, Shape to) {
        var floats = new double[to.size()];
        var longs = new long[to.size()];
        DType dtype = x.dtype();
        for (int i = 0; i < floats.length; i++) {
            floats[i] = function == Reduction.SUM
                    ? 0
                    : function == Reduction.PROD
                            ? 1
                            : function == Reduction.MAX ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
            longs[i] = function == Reduction.SUM ? 0 : function == Reduction.PROD ? 1 : least(dtype, function);
        }
        for (int i = 0; i < x.size(); i++) {
            int at = Samples.index(to, Samples.coordinates(x.shape(), i));
            double f = x.get(i);
            long l = dtype.isFloating() ? 0 : x.getLong(i);
            switch (function) {
                case SUM -> {
                    floats[at] += f;
                    longs[at] += l;
                }
                case PROD -> {
                    floats[at] *= f;
                    longs[at] *= l;
                }
                case MAX -> {
                    floats[at] = f > floats[at] ? f : floats[at];
                    longs[at] = l > longs[at] ? l : longs[at];
                }
                case MIN -> {
                    floats[at] = f < floats[at] ? f : floats[at];
                    longs[at] = l < longs[at] ? l : longs[at];
                }
            }
        }
        NDArray out = NDArray.zeros(dtype, to);
        for (int i = 0; i < floats.length; i++)
            if (dtype.isFloating()) out.set(i, floats[i]);
            else BinaryContract.setExact(out, i, exact(dtype, longs[i]));
        return out;
    }

    private static BigInteger exact(DType dtype, long value) {
        return BigInteger.valueOf(dtype == DType.BOOL ? Math.min(1, value) : value);
    }

    private static long least(DType dtype, Reduction function) {
        boolean signed = !dtype.isUnsigned() && dtype != DType.BOOL;
        long greatest = dtype == DType.INT64 ? Long.MAX_VALUE : (1L << (signed ? dtype.bits() - 1 : dtype.bits())) - 1;
        return function == Reduction.MIN ? greatest : signed ? -greatest - 1 : 0;
    }

    @Test
    default void longSumsStayAccurate() {
        int n = 1 << 20;
        NDArray tenths = NDArray.full(DType.FLOAT32, Shape.of(n), 0.1);
        NDArray got = bench().run(
                        "SUM",
                        DType.FLOAT32,
                        Shape.of(1),
                        out -> backend().reduce(new Op.Reduce(Reduction.SUM, Ints.of(0)), bench().put(tenths), out));
        Closeness.assertClose(
                "SUM of 2^20 times 0.1f", Samples.of(DType.FLOAT32, n * (double) 0.1f), got, 4 * 0x1p-23, 0);
        NDArray columns = bench().run(
                        "SUM",
                        DType.FLOAT32,
                        Shape.of(1, 4),
                        out -> backend()
                                .reduce(
                                        new Op.Reduce(Reduction.SUM, Ints.of(0)),
                                        bench().put(tenths.reshape(Shape.of(n / 4, 4))),
                                        out));
        Closeness.assertClose(
                "SUM of columns of 2^18 times 0.1f",
                NDArray.full(DType.FLOAT32, Shape.of(1, 4), n / 4 * (double) 0.1f),
                columns,
                4 * 0x1p-23,
                0);
    }

    @Test
    default void specialValuesInReductions() {
        double nan = Double.NaN;
        double inf = Double.POSITIVE_INFINITY;
        for (DType dtype : Samples.FLOATING)
            for (int n : new int[] {3, 16, 33, 257}) {
                NDArray x = NDArray.full(dtype, Shape.of(n), 1);
                x.set(n / 2, nan);
                for (Reduction f : Reduction.values()) checkAll(f, x, nan);
                x.set(n / 2, inf);
                checkAll(Reduction.SUM, x, inf);
                checkAll(Reduction.MAX, x, inf);
                checkAll(Reduction.MIN, x, 1);
                x.set(n - 1, -inf);
                checkAll(Reduction.SUM, x, nan);
                checkAll(Reduction.MIN, x, -inf);
                checkAll(Reduction.MAX, NDArray.full(dtype, Shape.of(n), -inf), -inf);
                checkAll(Reduction.MAX, NDArray.full(dtype, Shape.of(n), -3), -3);
            }
        NDArray longs = NDArray.of(Shape.of(3), (1L << 53) + 1, 1L, 1L);
        Closeness.assertSame(
                "SUM of int64",
                NDArray.of(Shape.of(1), (1L << 53) + 3),
                bench().run(
                                "SUM",
                                DType.INT64,
                                Shape.of(1),
                                out -> backend()
                                        .reduce(new Op.Reduce(Reduction.SUM, Ints.of(0)), bench().put(longs), out)));
    }

    private void checkAll(Reduction function, NDArray x, double expected) {
        NDArray got = bench().run(
                        function.name(),
                        x.dtype(),
                        Shape.of(1),
                        out -> backend().reduce(new Op.Reduce(function, Ints.of(0)), bench().put(x), out));
        Closeness.assertSame(function + " of " + x, Samples.of(x.dtype(), expected), got);
    }

    @Test
    default void firstGreatestAndLeast() {
        for (DType dtype : DType.values())
            for (Shape shape : List.of(
                    Shape.of(37),
                    Shape.of(5, 33),
                    Shape.of(33, 5),
                    Shape.of(3, 17, 5),
                    Shape.of(4, 1),
                    Shape.of(2, 1009)))
                for (int axis = 0; axis < shape.rank(); axis++)
                    for (boolean max : new boolean[] {true, false}) checkArg(dtype, shape, axis, max);
        NDArray nan = Samples.of(DType.FLOAT32, 1, Double.NaN, 5, Double.NaN, -7);
        for (boolean max : new boolean[] {true, false})
            Closeness.assertSame(
                    "argReduce finds the first NaN",
                    Samples.indices(1),
                    bench().run(
                                    "argReduce",
                                    DType.INT32,
                                    Shape.of(1),
                                    out -> backend().argReduce(new Op.ArgReduce(max, 0), bench().put(nan), out)));
    }

    private void checkArg(DType dtype, Shape shape, int axis, boolean max) {
        NDArray x = Samples.random(dtype, shape, 9);
        for (int i = 0; i < x.size(); i++) x.set(i, Math.rint(x.get(i) * 4)); // many equal values
        Shape to = shape.with(axis, 1);
        NDArray expected = NDArray.zeros(DType.INT32, to);
        for (int i = 0; i < to.size(); i++) {
            int[] at = Samples.coordinates(to, i);
            double best = Double.NaN;
            for (int k = 0; k < shape.dim(axis); k++) {
                at[axis] = k;
                double value = x.get(Samples.index(shape, at));
                if (k > 0 && !(max ? value > best : value < best)) continue;
                best = value;
                expected.set(i, k);
            }
        }
        var op = new Op.ArgReduce(max, axis);
        Closeness.assertSame(
                op + " of " + dtype + shape,
                expected,
                bench().run(op.toString(), DType.INT32, to, out -> backend().argReduce(op, bench().put(x), out)));
    }

    @ParameterizedTest
    @EnumSource(Reduction.class)
    default void runningReductions(Reduction function) {
        for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64, DType.FLOAT16, DType.INT32, DType.INT64, DType.UINT8))
            for (Shape shape : List.of(Shape.of(1), Shape.of(33), Shape.of(5, 17), Shape.of(3, 7, 5)))
                for (int axis = 0; axis < shape.rank(); axis++)
                    for (int flags = 0; flags < 4; flags++)
                        checkCumulative(
                                new Op.Cumulative(function, axis, (flags & 1) == 1, (flags & 2) == 2), dtype, shape);
    }

    private void checkCumulative(Op.Cumulative op, DType dtype, Shape shape) {
        if (op.exclusive() && (op.function() == Reduction.MAX || op.function() == Reduction.MIN)) return;
        NDArray x = Samples.random(dtype, shape, 5);
        NDArray expected = NDArray.zeros(dtype, shape);
        int n = shape.dim(op.axis());
        for (int i = 0; i < x.size(); i++) {
            int[] at = Samples.coordinates(shape, i);
            int here = at[op.axis()];
            int from = op.reverse() ? here + (op.exclusive() ? 1 : 0) : 0;
            int to = op.reverse() ? n : here + (op.exclusive() ? 0 : 1);
            NDArray part = NDArray.zeros(dtype, Shape.of(to - from));
            for (int k = from; k < to; k++) {
                at[op.axis()] = k;
                part.set(k - from, x.get(Samples.index(shape, at)));
            }
            expected.set(i, reduced(op.function(), part, Shape.of(1)).get(0));
        }
        String what = op + " of " + dtype + shape;
        Closeness.assertSums(
                what,
                expected,
                bench().run(what, dtype, shape, out -> backend().cumulative(op, bench().put(x), out)),
                n,
                2);
    }

    @Test
    default void sortsStablyWithNanLast() {
        for (DType dtype : List.of(
                DType.FLOAT32, DType.FLOAT64, DType.BFLOAT16, DType.INT32, DType.INT64, DType.UINT8, DType.BOOL))
            for (Shape shape : List.of(Shape.of(1), Shape.of(257), Shape.of(5, 33), Shape.of(33, 5), Shape.of(3, 7, 5)))
                for (int axis = 0; axis < shape.rank(); axis++)
                    for (boolean descending : new boolean[] {false, true}) checkSort(dtype, shape, axis, descending);
    }

    private void checkSort(DType dtype, Shape shape, int axis, boolean descending) {
        NDArray x = Samples.random(dtype, shape, 8);
        for (int i = 0; i < x.size(); i++)
            x.set(i, dtype.isFloating() && i % 11 == 3 ? Double.NaN : Math.rint(x.get(i) * 8)); // many equal values
        NDArray values = NDArray.zeros(dtype, shape);
        NDArray indices = NDArray.zeros(DType.INT32, shape);
        int n = shape.dim(axis);
        for (int i = 0; i < x.size(); i++) {
            int[] at = Samples.coordinates(shape, i);
            if (at[axis] != 0) continue;
            var line = new double[n];
            for (int k = 0; k < n; k++) {
                at[axis] = k;
                line[k] = x.get(Samples.index(shape, at));
            }
            var order = new Integer[n];
            Arrays.setAll(order, k -> k);
            // NaN is greater than all for Double.compare; the keys put it last either way
            Arrays.sort(order, Comparator.comparingDouble(k -> descending ? 0.0 - line[k] : line[k] + 0.0));
            for (int k = 0; k < n; k++) {
                at[axis] = k;
                values.set(Samples.index(shape, at), line[order[k]]);
                indices.set(Samples.index(shape, at), order[k]);
            }
        }
        var op = new Op.Sort(axis, descending);
        String what = op + " of " + dtype + shape;
        View sorted = bench().room(dtype, shape);
        View places = bench().room(DType.INT32, shape);
        backend().sort(op, bench().put(x), sorted, places).run();
        Closeness.assertClose(what + " values", values, bench().get(what, sorted), 0, 0);
        Closeness.assertSame(what + " indices", indices, bench().get(what, places));
    }
}
