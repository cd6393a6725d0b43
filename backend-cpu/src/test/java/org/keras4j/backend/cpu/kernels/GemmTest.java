package org.keras4j.backend.cpu.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class GemmTest {
    private static final WorkPool ONE = new WorkPool(1);
    private static final WorkPool THREE = new WorkPool(3);
    private static final float[] NO_BIAS = new float[0];

    private static float[] random(int n, int seed) {
        var random = new SplittableRandom(seed);
        float[] x = new float[n];
        for (int i = 0; i < n; i++) x[i] = (float) (random.nextDouble() * 2 - 1);
        return x;
    }

    /** Checks one product with all four storage orders against plain loops in double, on one thread and on three. */
    private static void check(int m, int n, int k) {
        for (int order = 0; order < 4; order++) {
            boolean ta = (order & 1) != 0;
            boolean tb = (order & 2) != 0;
            float[] a = random(m * k + 5, 1);
            float[] b = random(k * n + 7, 2);
            float[] bias = random(n + 3, 3);
            float[] one = new float[m * n + 2];
            float[] three = new float[m * n + 2];
            one[0] = one[m * n + 1] = three[0] = three[m * n + 1] = 77;
            new Gemm(ONE, m, n, k, ta, tb).epilogue(Activation.RELU).run(a, 5, b, 7, bias, 3, one, 1);
            new Gemm(THREE, m, n, k, ta, tb).epilogue(Activation.RELU).run(a, 5, b, 7, bias, 3, three, 1);
            assertArrayEquals(one, three, "threads change the result");
            assertEquals(77, one[0]);
            assertEquals(77, one[m * n + 1]);
            String what = m + "x" + n + "x" + k + (ta ? " A^T" : "") + (tb ? " B^T" : "");
            for (int i = 0; i < m; i++) {
                for (int j = 0; j < n; j++) {
                    double sum = bias[3 + j];
                    for (int q = 0; q < k; q++)
                        sum += (double) a[5 + (ta ? q * m + i : i * k + q)] * b[7 + (tb ? j * k + q : q * n + j)];
                    assertEquals(Math.max(sum, 0), one[1 + i * n + j], 1e-6 * (k + 4), what + " at " + i + ", " + j);
                }
            }
            if (m > 1 && n > 1 && !tb) {
                float[] panels = new float[RightPanels.size(k, n)];
                RightPanels.pack(k, n, b, 7, n, false, panels, 0);
                new Gemm(THREE, m, n, k, ta, false)
                        .epilogue(Activation.RELU)
                        .runPacked(a, 5, panels, 0, bias, 3, three, 1);
                assertArrayEquals(one, three, 1e-6f * (k + 4), "packed " + what);
            }
        }
    }

    @Test
    void awkwardSizesAgreeWithPlainLoops() {
        int[] sizes = {1, 2, 3, 5, 7, 13, 14, 15, 16, 17, 31, 32, 33, 47};
        for (int m : sizes) for (int n : sizes) check(m, n, 3 + (m * n) % 29);
        for (int k : new int[] {1, 255, 256, 257, 600}) check(17, 33, k);
    }

    @Test
    void largeProductsAgreeWithPlainLoops() {
        check(129, 517, 300);
        check(700, 45, 290);
        check(530, 1040, 64);
        check(1, 1000, 700);
        check(1500, 1, 700);
    }

    @Test
    void nothingToContractGivesTheBias() {
        float[] c = new float[6];
        new Gemm(ONE, 2, 3, 0, false, false).run(NO_BIAS, 0, NO_BIAS, 0, new float[] {1, 2, 3}, 0, c, 0);
        assertArrayEquals(new float[] {1, 2, 3, 1, 2, 3}, c);
    }

    @Test
    void batchesAgreeWithSingleProducts() {
        int batches = 11;
        for (int order = 0; order < 4; order++) {
            boolean ta = (order & 1) != 0;
            boolean tb = (order & 2) != 0;
            int m = 37, n = 29, k = 41;
            float[] a = random(batches * m * k, 1);
            float[] b = random(batches * k * n, 2);
            float[] want = new float[batches * m * n];
            float[] got = new float[batches * m * n];
            for (int i = 0; i < batches; i++)
                new Gemm(ONE, m, n, k, ta, tb).run(a, i * m * k, b, i * k * n, NO_BIAS, 0, want, i * m * n);
            new Gemm(THREE, m, n, k, ta, tb)
                    .batches(batches, m * k, k * n, m * n)
                    .run(a, 0, b, 0, NO_BIAS, 0, got, 0);
            assertArrayEquals(want, got);
        }
    }
}
