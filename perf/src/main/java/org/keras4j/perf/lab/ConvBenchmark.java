package org.keras4j.perf.lab;

import java.util.Locale;
import org.keras4j.backend.cpu.kernels.Activation;
import org.keras4j.backend.cpu.kernels.ConvInputGradient;
import org.keras4j.backend.cpu.kernels.ConvKernelGradient;
import org.keras4j.backend.cpu.kernels.ConvShape;
import org.keras4j.backend.cpu.kernels.Convolution;
import org.keras4j.backend.cpu.kernels.Depthwise;
import org.keras4j.backend.cpu.kernels.DepthwiseGradients;
import org.keras4j.backend.cpu.kernels.WorkPool;

/** Times convolutions of known networks, forward and both gradients, on one thread and on all. */
public final class ConvBenchmark {
    /** batch, size, channels, out, kernel, stride, padding before, padding after, groups. */
    private static final int[][] SHAPES = {
        {128, 28, 1, 32, 3, 1, 0, 0, 1},
        {128, 26, 32, 64, 3, 1, 0, 0, 1},
        {32, 32, 16, 16, 3, 1, 1, 1, 1},
        {32, 16, 32, 32, 3, 1, 1, 1, 1},
        {32, 8, 64, 64, 3, 1, 1, 1, 1},
        {32, 32, 16, 32, 3, 2, 0, 1, 1},
        {1, 224, 3, 64, 7, 2, 3, 3, 1},
        {1, 56, 64, 64, 3, 1, 1, 1, 1},
        {1, 28, 128, 128, 3, 1, 1, 1, 1},
        {1, 14, 256, 256, 3, 1, 1, 1, 1},
        {1, 7, 512, 512, 3, 1, 1, 1, 1},
        {1, 56, 256, 64, 1, 1, 0, 0, 1},
        {1, 56, 64, 256, 1, 1, 0, 0, 1},
        {1, 56, 256, 128, 1, 2, 0, 0, 1},
        {1, 112, 96, 96, 3, 2, 0, 1, 96},
        {1, 56, 144, 144, 3, 1, 1, 1, 144},
        {16, 28, 192, 192, 3, 1, 1, 1, 192},
        {1, 28, 240, 240, 5, 1, 2, 2, 240},
        {1, 7, 1024, 1024, 3, 1, 1, 1, 1024}
    };

    private ConvBenchmark() {}

    /**
     * Prints GFLOP/s of direct convolution; arguments: the seconds to spend on each number, then a row to run alone.
     */
    public static void main(String[] args) {
        double seconds = args.length > 0 ? Double.parseDouble(args[0]) : 0.5;
        for (int i = 0; i < SHAPES.length; i++) {
            if (args.length > 1 && Integer.parseInt(args[1]) != i) continue;
            int[] s = SHAPES[i];
            String line = "";
            for (int threads : new int[] {1, Math.max(2, WorkPool.shared().threads())})
                line += line(new WorkPool(threads), s, seconds);
            System.out.printf(
                    Locale.ROOT,
                    "%3d x %3d^2 x %3d -> %3d, %dx%d/%d groups %3d:%s%n",
                    s[0],
                    s[1],
                    s[2],
                    s[3],
                    s[4],
                    s[4],
                    s[5],
                    s[8],
                    line);
        }
    }

    private static String line(WorkPool pool, int[] s, double seconds) {
        int out = (s[1] + s[6] + s[7] - s[4]) / s[5] + 1;
        var shape = new ConvShape(
                s[0],
                new int[] {1, s[1], s[1]},
                new int[] {1, s[4], s[4]},
                new int[] {1, out, out},
                new int[] {1, s[5], s[5]},
                new int[] {1, 1, 1},
                new int[] {0, s[6], s[6]},
                s[2],
                s[3],
                s[8]);
        float[] x = SgemmBenchmark.random(s[0] * s[1] * s[1] * s[2]);
        float[] w = SgemmBenchmark.random(s[4] * s[4] * s[2] / s[8] * s[3]);
        float[] y = SgemmBenchmark.random(s[0] * out * out * s[3]);
        if (shape.isDepthwise()) return depthwise(pool, shape, seconds, x, w, y);
        var forward = new Convolution(pool, shape, Activation.RELU);
        var byInput = new ConvInputGradient(pool, shape);
        var byKernel = new ConvKernelGradient(pool, shape);
        double gflop = 2e-9 * y.length * s[4] * s[4] * s[2] / s[8];
        double a =
                SgemmBenchmark.best(() -> forward.run(x, 0, w, 0, new float[0], 0, y, 0), seconds, pool.threads() == 1);
        double b = SgemmBenchmark.best(() -> byInput.run(y, 0, w, 0, x, 0), seconds, pool.threads() == 1);
        double c = SgemmBenchmark.best(() -> byKernel.run(x, 0, y, 0, w, 0), seconds, pool.threads() == 1);
        return format(pool, gflop, a, b, c);
    }

    private static String depthwise(WorkPool pool, ConvShape shape, double seconds, float[] x, float[] w, float[] y) {
        var forward = new Depthwise(pool, shape, Activation.RELU);
        var gradients = new DepthwiseGradients(pool, shape);
        double gflop = 2e-9 * y.length * shape.kernel()[1] * shape.kernel()[2];
        double a =
                SgemmBenchmark.best(() -> forward.run(x, 0, w, 0, new float[0], 0, y, 0), seconds, pool.threads() == 1);
        double b = SgemmBenchmark.best(() -> gradients.input(y, 0, w, 0, x, 0), seconds, pool.threads() == 1);
        double c = SgemmBenchmark.best(() -> gradients.kernel(x, 0, y, 0, w, 0), seconds, pool.threads() == 1);
        return format(pool, gflop, a, b, c);
    }

    private static String format(WorkPool pool, double gflop, double a, double b, double c) {
        return String.format(
                Locale.ROOT,
                "  %dT y %6.1f dx %6.1f dw %6.1f (%.2f %.2f %.2f ms)",
                pool.threads(),
                gflop / a,
                gflop / b,
                gflop / c,
                1e3 * a,
                1e3 * b,
                1e3 * c);
    }
}
