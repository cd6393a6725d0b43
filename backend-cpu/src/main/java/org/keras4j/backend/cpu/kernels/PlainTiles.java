package org.keras4j.backend.cpu.kernels;

/** Computes what the register tiles compute, bit for bit, in loops that are tolerable before they are compiled. */
final class PlainTiles {
    private PlainTiles() {}

    /** Adds A . B to C, where element (i, k) of A lies at {@code ai + i * rowA + k * stepA}. */
    static void run(
            int height,
            int width,
            int depth,
            float[] a,
            int ai,
            int rowA,
            int stepA,
            float[] b,
            int bi,
            int ldb,
            float[] c,
            int ci,
            int ldc) {
        for (int i = 0; i < height; i++) {
            for (int k = 0; k < depth; k++) add(a[ai + i * rowA + k * stepA], b, bi + k * ldb, c, ci + i * ldc, width);
        }
    }

    private static void add(float factor, float[] b, int bi, float[] c, int ci, int n) {
        for (int j = 0; j < n; j++) c[ci + j] = Math.fma(factor, b[bi + j], c[ci + j]);
    }
}
