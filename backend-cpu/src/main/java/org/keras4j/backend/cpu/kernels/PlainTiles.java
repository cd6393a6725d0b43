package org.keras4j.backend.cpu.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Computes what the register tiles compute, bit for bit, in a loop so small that it is compiled after a few
 * milliseconds. Plain Java would be scalar for good: with offsets that vary, the compiler makes no vector code of it.
 */
final class PlainTiles {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();

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
        // Rows inside: a row's next sum need not wait until its last one has been written.
        for (int k = 0; k < depth; k++) {
            for (int i = 0; i < height; i++) add(a[ai + i * rowA + k * stepA], b, bi + k * ldb, c, ci + i * ldc, width);
        }
    }

    private static void add(float factor, float[] b, int bi, float[] c, int ci, int n) {
        int j = 0;
        for (; j <= n - L; j += L) {
            FloatVector.fromArray(S, b, bi + j)
                    .fma(FloatVector.broadcast(S, factor), FloatVector.fromArray(S, c, ci + j))
                    .intoArray(c, ci + j);
        }
        for (; j < n; j++) c[ci + j] = Math.fma(factor, b[bi + j], c[ci + j]);
    }
}
