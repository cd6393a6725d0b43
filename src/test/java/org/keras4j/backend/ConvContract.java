package org.keras4j.backend;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.op.Ints;
import org.keras4j.op.Op;
import org.keras4j.op.Window;

/** Convolution and its gradients. */
interface ConvContract extends Contract {
    @Test
    default void oneAxis() {
        check(Shape.of(2, 9, 3), Shape.of(3, 3, 5), window(Ints.of(1), Ints.of(1), Ints.of(0), Ints.of(0), 1));
        check(Shape.of(2, 17, 3), Shape.of(4, 3, 8), window(Ints.of(2), Ints.of(1), Ints.of(1), Ints.of(2), 1));
        check(Shape.of(1, 33, 4), Shape.of(3, 2, 6), window(Ints.of(1), Ints.of(3), Ints.of(6), Ints.of(0), 2));
        check(Shape.of(3, 8, 8), Shape.of(5, 1, 16), window(Ints.of(3), Ints.of(1), Ints.of(2), Ints.of(2), 8));
        check(Shape.of(1, 1, 1), Shape.of(1, 1, 1), window(Ints.of(1), Ints.of(1), Ints.of(0), Ints.of(0), 1));
        check(Shape.of(2, 3, 2), Shape.of(3, 2, 2), window(Ints.of(5), Ints.of(2), Ints.of(9), Ints.of(7), 1));
    }

    @Test
    default void twoAxes() {
        for (int channels : new int[] {1, 3, 8, 16, 17})
            for (int filters : new int[] {1, 7, 16, 33})
                check(
                        Shape.of(2, 6, 7, channels),
                        Shape.of(3, 3, channels, filters),
                        window(Ints.of(1, 1), Ints.of(1, 1), Ints.of(1, 1), Ints.of(1, 1), 1));
        check(
                Shape.of(2, 9, 8, 5),
                Shape.of(3, 2, 5, 9),
                window(Ints.of(2, 3), Ints.of(1, 1), Ints.of(0, 1), Ints.of(2, 0), 1));
        check(
                Shape.of(1, 12, 11, 4),
                Shape.of(3, 3, 4, 6),
                window(Ints.of(1, 1), Ints.of(2, 3), Ints.of(2, 3), Ints.of(2, 3), 1));
        check(
                Shape.of(2, 7, 9, 6),
                Shape.of(3, 3, 2, 12),
                window(Ints.of(2, 1), Ints.of(1, 2), Ints.of(1, 0), Ints.of(0, 3), 3));
        check(
                Shape.of(2, 5, 5, 3),
                Shape.of(1, 1, 3, 20),
                window(Ints.of(1, 1), Ints.of(1, 1), Ints.of(0, 0), Ints.of(0, 0), 1));
        check(
                Shape.of(2, 7, 7, 3),
                Shape.of(1, 1, 3, 4),
                window(Ints.of(2, 2), Ints.of(1, 1), Ints.of(0, 0), Ints.of(0, 0), 1));
        check(
                Shape.of(1, 23, 23, 3),
                Shape.of(7, 7, 3, 16),
                window(Ints.of(2, 2), Ints.of(1, 1), Ints.of(3, 3), Ints.of(3, 3), 1));
        check(
                Shape.of(1, 4, 5, 2),
                Shape.of(4, 5, 2, 3),
                window(Ints.of(1, 1), Ints.of(1, 1), Ints.of(0, 0), Ints.of(0, 0), 1));
        check(
                Shape.of(1, 3, 3, 1),
                Shape.of(5, 5, 1, 2),
                window(Ints.of(1, 1), Ints.of(1, 1), Ints.of(2, 2), Ints.of(2, 2), 1));
    }

    /** What Winograd's algorithm takes: enough tiles of 4 x 4, with all kinds of edges and rests of channels. */
    @Test
    default void threeByThreeWithoutStrides() {
        int[][] cases = { // batch, height, width, channels, filters, padding before and after
            {3, 9, 10, 17, 33, 1, 1},
            {2, 18, 15, 16, 16, 0, 0},
            {4, 7, 12, 32, 20, 2, 2},
            {2, 13, 16, 40, 64, 0, 2},
            {3, 6, 12, 20, 48, 3, 4}
        };
        for (int[] c : cases) {
            var window = window(Ints.of(1, 1), Ints.of(1, 1), Ints.repeat(c[5], 2), Ints.repeat(c[6], 2), 1);
            for (DType dtype : List.of(DType.FLOAT32, DType.BFLOAT16))
                check(dtype, Shape.of(c[0], c[1], c[2], c[3]), Shape.of(3, 3, c[3], c[4]), window);
        }
    }

    @Test
    default void depthwise() {
        for (int channels : new int[] {1, 3, 8, 15, 16, 17, 32})
            for (int multiplier : new int[] {1, 2}) {
                Shape kernel = Shape.of(3, 3, 1, channels * multiplier);
                check(
                        Shape.of(2, 6, 5, channels),
                        kernel,
                        window(Ints.of(1, 1), Ints.of(1, 1), Ints.of(1, 1), Ints.of(1, 1), channels));
                check(
                        Shape.of(1, 9, 9, channels),
                        kernel,
                        window(Ints.of(2, 2), Ints.of(1, 1), Ints.of(0, 0), Ints.of(1, 1), channels));
            }
    }

    @Test
    default void threeAxes() {
        Ints ones = Ints.of(1, 1, 1);
        check(Shape.of(2, 4, 5, 6, 3), Shape.of(3, 3, 3, 3, 7), window(ones, ones, ones, ones, 1));
        check(
                Shape.of(1, 5, 4, 7, 4),
                Shape.of(2, 1, 3, 2, 6),
                window(Ints.of(2, 1, 2), Ints.of(1, 2, 2), Ints.of(0, 1, 2), Ints.of(1, 0, 1), 2));
        check(
                Shape.of(1, 6, 6, 6, 2),
                Shape.of(2, 2, 2, 1, 2),
                window(Ints.of(2, 2, 2), ones, Ints.of(0, 0, 0), Ints.of(0, 0, 0), 2));
    }

    @Test
    default void noRoomForAWindowGivesNothing() {
        Window window = window(Ints.of(1), Ints.of(1), Ints.of(0), Ints.of(0), 1);
        NDArray got = bench().run(
                        "conv",
                        DType.FLOAT32,
                        Shape.of(2, 0, 3),
                        out -> backend()
                                .conv(
                                        new Op.Conv(window),
                                        bench().put(Samples.random(Shape.of(2, 2, 1), 1)),
                                        bench().put(Samples.random(Shape.of(5, 1, 3), 2)),
                                        out));
        Closeness.assertSame("conv without windows", NDArray.zeros(DType.FLOAT32, Shape.of(2, 0, 3)), got);
        NDArray dw = bench().run(
                        "kernel gradient",
                        DType.FLOAT32,
                        Shape.of(5, 1, 3),
                        out -> backend()
                                .convKernelGradient(
                                        new Op.ConvKernelGradient(window, Shape.of(5, 1, 3)),
                                        bench().put(Samples.random(Shape.of(2, 2, 1), 1)),
                                        bench().put(NDArray.zeros(DType.FLOAT32, Shape.of(2, 0, 3))),
                                        out));
        Closeness.assertSame("kernel gradient without windows", NDArray.zeros(DType.FLOAT32, Shape.of(5, 1, 3)), dw);
    }

    /** Draws shapes and windows at random; the seed is fixed. */
    @Test
    default void randomGeometries() {
        var random = new Random(42);
        for (int round = 0; round < 60; round++) {
            int rank = 1 + random.nextInt(3);
            int groups = 1 + random.nextInt(3);
            int in = groups * (1 + random.nextInt(5));
            int out = groups * (1 + random.nextInt(5));
            var x = new int[rank + 2];
            var kernel = new int[rank + 2];
            var parts = new int[4][rank];
            for (int i = 0; i < rank; i++) {
                kernel[i] = 1 + random.nextInt(4);
                parts[0][i] = 1 + random.nextInt(3);
                parts[1][i] = 1 + random.nextInt(3);
                parts[2][i] = random.nextInt(4);
                parts[3][i] = random.nextInt(4);
                int reach = (kernel[i] - 1) * parts[1][i] + 1;
                x[i + 1] = Math.max(1, reach - parts[2][i] - parts[3][i]) + random.nextInt(6);
            }
            x[0] = 1 + random.nextInt(3);
            x[rank + 1] = in;
            kernel[rank] = in / groups;
            kernel[rank + 1] = out;
            check(
                    Shape.of(x),
                    Shape.of(kernel),
                    window(Ints.of(parts[0]), Ints.of(parts[1]), Ints.of(parts[2]), Ints.of(parts[3]), groups));
        }
    }

    private static Window window(Ints strides, Ints dilations, Ints low, Ints high, int groups) {
        return new Window(strides, dilations, low, high, groups);
    }

    private void check(Shape x, Shape kernel, Window window) {
        for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64, DType.BFLOAT16)) check(dtype, x, kernel, window);
    }

    /**
     * Checks conv against plain sums, and the gradients by the identities {@code <dy, conv(x, w)> = <dx, x> = <dw, w>}:
     * with random dy and as many random x (or w) as there are checks, only the right linear map fulfils them. Each
     * element of both gradients is also compared with plain sums.
     */
    private void check(DType dtype, Shape xShape, Shape kernelShape, Window window) {
        int rank = window.rank();
        int[] dims = xShape.dims();
        for (int i = 0; i < rank; i++) dims[i + 1] = window.windows(i, dims[i + 1], kernelShape.dim(i));
        dims[rank + 1] = kernelShape.last();
        Shape yShape = Shape.of(dims);
        NDArray x = Samples.random(dtype, xShape, 1);
        NDArray w = Samples.random(dtype, kernelShape, 2);
        NDArray dy = Samples.random(dtype, yShape, 3);
        var sums = new PlainConv(window, x, w, dy);
        String where = " of " + dtype + xShape + " with kernel " + kernelShape + " and " + window;
        int taps = (int) kernelShape.size(0, rank + 1);

        NDArray y = bench().run(
                        "conv" + where,
                        dtype,
                        yShape,
                        out -> backend().conv(new Op.Conv(window), bench().put(x), bench().put(w), out));
        Closeness.assertSums("conv" + where, sums.y, y, taps, 1);
        NDArray dx = bench().run(
                        "conv input gradient" + where,
                        dtype,
                        xShape,
                        out -> backend()
                                .convInputGradient(
                                        new Op.ConvInputGradient(window, xShape),
                                        bench().put(dy),
                                        bench().put(w),
                                        out));
        Closeness.assertSums("conv input gradient" + where, sums.dx, dx, taps * yShape.last(), 1);
        NDArray dw = bench().run(
                        "conv kernel gradient" + where,
                        dtype,
                        kernelShape,
                        out -> backend()
                                .convKernelGradient(
                                        new Op.ConvKernelGradient(window, kernelShape),
                                        bench().put(x),
                                        bench().put(dy),
                                        out));
        Closeness.assertSums("conv kernel gradient" + where, sums.dw, dw, yShape.size() / yShape.last(), 1);

        double product = inner(dy, y);
        double tolerance = (dtype == DType.BFLOAT16 ? 0x1p-7 : dtype == DType.FLOAT32 ? 1e-5 : 1e-12)
                * (10 + Math.sqrt(norm(dy) * norm(y)) + Math.sqrt(norm(dx) * norm(x)) + Math.sqrt(norm(dw) * norm(w)));
        NDArray both = NDArray.of(Shape.of(2), inner(dx, x), inner(dw, w));
        Closeness.assertClose(
                "<dx, x> and <dw, w> against <dy, y>" + where,
                NDArray.full(DType.FLOAT64, Shape.of(2), product),
                both,
                0,
                tolerance);
    }

    private static double inner(NDArray a, NDArray b) {
        double sum = 0;
        for (int i = 0; i < a.size(); i++) sum += a.get(i) * b.get(i);
        return sum;
    }

    private static double norm(NDArray a) {
        return inner(a, a);
    }
}
