package org.keras4j.backend;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.op.Ints;
import org.keras4j.op.Op;
import org.keras4j.op.Op.Reduction;
import org.keras4j.op.ShapeRules;
import org.keras4j.op.Window;

/** Pooling and its gradients. */
interface PoolContract extends Contract {
    @Test
    default void commonPools() {
        for (int channels : new int[] {1, 3, 8, 16, 17, 33}) {
            check(
                    Shape.of(2, 8, 8, channels),
                    Ints.of(2, 2),
                    Ints.of(2, 2),
                    Ints.of(1, 1),
                    Ints.of(0, 0),
                    Ints.of(0, 0));
            check(
                    Shape.of(1, 9, 7, channels),
                    Ints.of(3, 3),
                    Ints.of(2, 2),
                    Ints.of(1, 1),
                    Ints.of(1, 1),
                    Ints.of(1, 1));
            check(
                    Shape.of(2, 5, 5, channels),
                    Ints.of(5, 5),
                    Ints.of(1, 1),
                    Ints.of(1, 1),
                    Ints.of(0, 0),
                    Ints.of(0, 0));
        }
    }

    @Test
    default void randomPools() {
        var random = new Random(7);
        for (int round = 0; round < 60; round++) {
            int rank = 1 + random.nextInt(3);
            var x = new int[rank + 2];
            var parts = new int[5][rank];
            for (int i = 0; i < rank; i++) {
                parts[0][i] = 1 + random.nextInt(4);
                parts[1][i] = 1 + random.nextInt(4);
                parts[2][i] = 1 + random.nextInt(3);
                parts[3][i] = random.nextInt(parts[0][i]);
                parts[4][i] = random.nextInt(parts[0][i]);
                x[i + 1] = (parts[0][i] - 1) * parts[2][i] + 1 + random.nextInt(6);
            }
            x[0] = 1 + random.nextInt(3);
            x[rank + 1] = 1 + random.nextInt(9);
            check(
                    Shape.of(x),
                    Ints.of(parts[0]),
                    Ints.of(parts[1]),
                    Ints.of(parts[2]),
                    Ints.of(parts[3]),
                    Ints.of(parts[4]));
        }
    }

    private void check(Shape shape, Ints size, Ints strides, Ints dilations, Ints low, Ints high) {
        var window = new Window(strides, dilations, low, high, 1);
        for (Reduction function : List.of(Reduction.MAX, Reduction.SUM))
            for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64, DType.FLOAT16)) {
                NDArray x = Samples.random(dtype, shape, 1);
                checkPool(function, x, size, window);
                for (int i = 0; i < x.size(); i++) x.set(i, Math.rint(x.get(i) * 2) - 5); // ties, and all below 0
                checkPool(function, x, size, window);
            }
    }

    private void checkPool(Reduction function, NDArray x, Ints size, Window window) {
        int rank = window.rank();
        Shape yShape = ShapeRules.pooled(x.shape(), size, window);
        NDArray dy = Samples.random(x.dtype(), yShape, 2);
        NDArray y = NDArray.zeros(x.dtype(), yShape);
        var dx = new double[x.size()];
        int[] in = PlainConv.spatial(x.shape().slice(1, rank + 1).dims());
        int[] taps = PlainConv.spatial(size.toArray());
        int[] out = PlainConv.spatial(yShape.slice(1, rank + 1).dims());
        int channels = x.shape().last();
        for (int at = 0; at < y.size(); at++) {
            int window0 = at / channels;
            int n = window0 / (out[0] * out[1] * out[2]);
            double sum = 0;
            int best = -1;
            for (int t = 0; t < taps[0] * taps[1] * taps[2]; t++) {
                int place = PlainConv.place(window, in, taps, out, t, window0 % (out[0] * out[1] * out[2]));
                if (place < 0) continue;
                int from = (n * in[0] * in[1] * in[2] + place) * channels + at % channels;
                sum += x.get(from);
                if (best < 0 || x.get(from) > x.get(best)) best = from;
                if (function == Reduction.SUM) dx[from] += dy.get(at);
            }
            if (function == Reduction.SUM) y.set(at, sum);
            else y.set(at, best < 0 ? Double.NEGATIVE_INFINITY : x.get(best));
            if (function == Reduction.MAX && best >= 0) dx[best] += dy.get(at);
        }
        String what = "pool " + function + " of " + x.dtype() + x.shape() + " by " + size + " with " + window;
        int terms = taps[0] * taps[1] * taps[2];
        NDArray got = bench().run(
                        what,
                        x.dtype(),
                        yShape,
                        view -> backend().pool(new Op.Pool(function, size, window), bench().put(x), view));
        if (function == Reduction.MAX) Closeness.assertSame(what, y, got);
        else Closeness.assertSums(what, y, got, terms, 8);
        NDArray expected = NDArray.zeros(x.dtype(), x.shape());
        for (int i = 0; i < dx.length; i++) expected.set(i, dx[i]);
        var op = new Op.PoolGradient(function, size, window, x.shape());
        List<View> inputs =
                function == Reduction.MAX ? List.of(bench().put(x), bench().put(dy)) : List.of(bench().put(dy));
        NDArray gradient = bench().run(
                        what + ", gradient",
                        x.dtype(),
                        x.shape(),
                        view -> backend().poolGradient(op, inputs, view));
        Closeness.assertSums(what + ", gradient", expected, gradient, terms, 1);
    }

    @Test
    default void nanWinsAWindow() {
        NDArray x = Samples.of(DType.FLOAT32, 1, Double.NaN, 2, 3, 0, 7).reshape(Shape.of(1, 6, 1));
        var window = new Window(Ints.of(2), Ints.of(1), Ints.of(0), Ints.of(0), 1);
        NDArray got = bench().run(
                        "pool MAX",
                        DType.FLOAT32,
                        Shape.of(1, 3, 1),
                        out -> backend().pool(new Op.Pool(Reduction.MAX, Ints.of(2), window), bench().put(x), out));
        Closeness.assertSame(
                "pool MAX with NaN", Samples.of(DType.FLOAT32, Double.NaN, 3, 7).reshape(Shape.of(1, 3, 1)), got);
    }

    @Test
    default void maxOfIntegers() {
        NDArray x = NDArray.of(Shape.of(1, 5, 1), (1L << 60) + 1, 1L << 60, -5L, Long.MIN_VALUE, Long.MIN_VALUE + 1);
        var window = new Window(Ints.of(2), Ints.of(1), Ints.of(0), Ints.of(1), 1);
        NDArray got = bench().run(
                        "pool MAX",
                        DType.INT64,
                        Shape.of(1, 3, 1),
                        out -> backend().pool(new Op.Pool(Reduction.MAX, Ints.of(2), window), bench().put(x), out));
        Closeness.assertSame(
                "pool MAX of int64", NDArray.of(Shape.of(1, 3, 1), (1L << 60) + 1, -5L, Long.MIN_VALUE + 1), got);
    }
}
