package org.keras4j.backend;

import org.junit.jupiter.api.Test;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.op.Op;

/** Matrix products. */
interface DotContract extends Contract {
    @Test
    default void multipliesAwkwardSizesInEveryLayout() {
        int[] sizes = {1, 2, 7, 8, 9, 16, 17, 33, 65};
        for (int m : sizes)
            for (int k : sizes) for (int n : sizes) checkDot(DType.FLOAT32, Shape.of(m, k), Shape.of(k, n));
    }

    @Test
    default void multipliesLongAndThinMatrices() {
        int[][] sizes = {
            {1, 1009, 1},
            {1, 257, 300},
            {300, 257, 1},
            {1, 2050, 67},
            {131, 1100, 1},
            {2, 4099, 3},
            {255, 3, 256},
            {129, 511, 67},
            {5, 0, 3},
            {0, 3, 2}
        };
        for (int[] s : sizes) checkDot(DType.FLOAT32, Shape.of(s[0], s[1]), Shape.of(s[1], s[2]));
    }

    @Test
    default void multipliesBatches() {
        for (int batch : new int[] {1, 2, 5})
            for (int k : new int[] {1, 17, 64}) checkDot(DType.FLOAT32, Shape.of(batch, 9, k), Shape.of(batch, k, 33));
        checkDot(DType.FLOAT32, Shape.of(64, 1, 8), Shape.of(64, 8, 1));
    }

    @Test
    default void multipliesEveryDtype() {
        for (DType dtype : DType.values()) {
            if (dtype == DType.BOOL) continue;
            checkDot(dtype, Shape.of(9, 33), Shape.of(33, 17));
            checkDot(dtype, Shape.of(3, 5, 16), Shape.of(3, 16, 8));
        }
        NDArray a = NDArray.of(Shape.of(1, 2), (1L << 40) + 1, 3L);
        NDArray b = NDArray.of(Shape.of(2, 1), (1L << 20) + 1, Long.MAX_VALUE);
        long expected = ((1L << 40) + 1) * ((1L << 20) + 1) + 3 * Long.MAX_VALUE;
        Closeness.assertSame(
                "int64 dot wraps",
                NDArray.of(Shape.of(1, 1), expected),
                bench().run(
                                "dot",
                                DType.INT64,
                                Shape.of(1, 1),
                                out -> backend().dot(new Op.Dot(false, false), bench().put(a), bench().put(b), out)));
    }

    @Test
    default void infinitiesAndNansStayInTheirRowsAndColumns() {
        NDArray a = Samples.random(Shape.of(19, 33), 1);
        NDArray b = Samples.random(Shape.of(33, 21), 2);
        a.set(2 * 33 + 5, Double.NaN);
        b.set(7 * 21 + 4, Double.POSITIVE_INFINITY);
        a.set(11 * 33 + 7, 0); // 0 times infinity
        NDArray got = bench().run(
                        "dot",
                        DType.FLOAT32,
                        Shape.of(19, 21),
                        out -> backend().dot(new Op.Dot(false, false), bench().put(a), bench().put(b), out));
        Closeness.assertSums("dot with NaN and infinity", product(a, b, false, false), got, 33, 1);
    }

    private void checkDot(DType dtype, Shape aShape, Shape bShape) {
        for (int flags = 0; flags < 4; flags++) {
            var op = new Op.Dot((flags & 1) == 1, (flags & 2) == 2);
            NDArray a = Samples.random(dtype, op.transposeA() ? swapped(aShape) : aShape, 3);
            NDArray b = Samples.random(dtype, op.transposeB() ? swapped(bShape) : bShape, 4);
            NDArray expected = product(a, b, op.transposeA(), op.transposeB());
            String what = op + " of " + dtype + a.shape() + " and " + b.shape();
            NDArray got = bench().run(
                            what,
                            dtype,
                            expected.shape(),
                            out -> backend().dot(op, bench().put(a), bench().put(b), out));
            Closeness.assertSums(what, expected, got, aShape.last(), 1);
        }
    }

    private static Shape swapped(Shape shape) {
        return shape.with(-1, shape.dim(-2)).with(-2, shape.last());
    }

    /** Computes one element after the other, as sums of products in double. */
    static NDArray product(NDArray a, NDArray b, boolean transposeA, boolean transposeB) {
        int m = a.shape().dim(transposeA ? -1 : -2);
        int k = a.shape().dim(transposeA ? -2 : -1);
        int n = b.shape().dim(transposeB ? -2 : -1);
        int batch = a.shape().rank() == 3 ? a.shape().dim(0) : 1;
        NDArray out = NDArray.zeros(a.dtype(), a.shape().rank() == 3 ? Shape.of(batch, m, n) : Shape.of(m, n));
        for (int at = 0; at < out.size(); at++) {
            int j = at % n;
            int i = at / n % m;
            int s = at / n / m;
            double sum = 0;
            for (int p = 0; p < k; p++)
                sum += a.get(s * m * k + (transposeA ? p * m + i : i * k + p))
                        * b.get(s * k * n + (transposeB ? j * k + p : p * n + j));
            out.set(at, a.dtype().isFloating() ? sum : a.dtype().wrap((long) sum));
        }
        return out;
    }
}
