package org.keras4j.backend.cpu.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Multiplies a matrix and a vector, which is bound by how fast the matrix can be read. */
final class Gemv {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();

    private Gemv() {}

    /** Adds {@code sum_k x[k] * b[k][j]} to {@code y[j]} for {@code j0 <= j < j1}; b is {@code [k][ldb]}. */
    static void rows(int k, float[] x, int xo, float[] b, int bo, int ldb, float[] y, int yo, int j0, int j1) {
        int j = j0;
        for (; j + 8 * L <= j1; j += 8 * L) rows8(k, x, xo, b, bo + j, ldb, y, yo + j);
        for (; j + L <= j1; j += L) rows1(k, x, xo, b, bo + j, ldb, y, yo + j);
        if (j == j1) return;
        for (int i = 0; i < k; i++) {
            float factor = x[xo + i];
            for (int q = j; q < j1; q++) y[yo + q] = Math.fma(factor, b[bo + i * ldb + q], y[yo + q]);
        }
    }

    private static void rows8(int k, float[] x, int xo, float[] b, int bi, int ldb, float[] y, int yi) {
        FloatVector c0 = FloatVector.fromArray(S, y, yi);
        FloatVector c1 = FloatVector.fromArray(S, y, yi + L);
        FloatVector c2 = FloatVector.fromArray(S, y, yi + 2 * L);
        FloatVector c3 = FloatVector.fromArray(S, y, yi + 3 * L);
        FloatVector c4 = FloatVector.fromArray(S, y, yi + 4 * L);
        FloatVector c5 = FloatVector.fromArray(S, y, yi + 5 * L);
        FloatVector c6 = FloatVector.fromArray(S, y, yi + 6 * L);
        FloatVector c7 = FloatVector.fromArray(S, y, yi + 7 * L);
        for (int i = 0; i < k; i++) {
            FloatVector f = FloatVector.broadcast(S, x[xo + i]);
            c0 = f.fma(FloatVector.fromArray(S, b, bi), c0);
            c1 = f.fma(FloatVector.fromArray(S, b, bi + L), c1);
            c2 = f.fma(FloatVector.fromArray(S, b, bi + 2 * L), c2);
            c3 = f.fma(FloatVector.fromArray(S, b, bi + 3 * L), c3);
            c4 = f.fma(FloatVector.fromArray(S, b, bi + 4 * L), c4);
            c5 = f.fma(FloatVector.fromArray(S, b, bi + 5 * L), c5);
            c6 = f.fma(FloatVector.fromArray(S, b, bi + 6 * L), c6);
            c7 = f.fma(FloatVector.fromArray(S, b, bi + 7 * L), c7);
            bi += ldb;
        }
        c0.intoArray(y, yi);
        c1.intoArray(y, yi + L);
        c2.intoArray(y, yi + 2 * L);
        c3.intoArray(y, yi + 3 * L);
        c4.intoArray(y, yi + 4 * L);
        c5.intoArray(y, yi + 5 * L);
        c6.intoArray(y, yi + 6 * L);
        c7.intoArray(y, yi + 7 * L);
    }

    private static void rows1(int k, float[] x, int xo, float[] b, int bi, int ldb, float[] y, int yi) {
        FloatVector c0 = FloatVector.fromArray(S, y, yi);
        for (int i = 0; i < k; i++) {
            c0 = FloatVector.broadcast(S, x[xo + i]).fma(FloatVector.fromArray(S, b, bi), c0);
            bi += ldb;
        }
        c0.intoArray(y, yi);
    }

    /** Adds the dot product of {@code b[j]} and x to {@code y[j]} for {@code j0 <= j < j1}; b is {@code [j][ldb]}. */
    static void columns(int k, float[] x, int xo, float[] b, int bo, int ldb, float[] y, int yo, int j0, int j1) {
        for (int j = j0; j < j1; j++) y[yo + j] += dot(k, x, xo, b, bo + j * ldb);
    }

    /** Returns the dot product of two runs of {@code k} floats. */
    static float dot(int k, float[] x, int xi, float[] y, int yi) {
        if (k < L) {
            float sum = 0;
            for (int i = 0; i < k; i++) sum = Math.fma(x[xi + i], y[yi + i], sum);
            return sum;
        }
        FloatVector s0 = FloatVector.zero(S);
        FloatVector s1 = FloatVector.zero(S);
        FloatVector s2 = FloatVector.zero(S);
        FloatVector s3 = FloatVector.zero(S);
        int i = 0;
        for (; i <= k - 4 * L; i += 4 * L) {
            s0 = FloatVector.fromArray(S, x, xi + i).fma(FloatVector.fromArray(S, y, yi + i), s0);
            s1 = FloatVector.fromArray(S, x, xi + i + L).fma(FloatVector.fromArray(S, y, yi + i + L), s1);
            s2 = FloatVector.fromArray(S, x, xi + i + 2 * L).fma(FloatVector.fromArray(S, y, yi + i + 2 * L), s2);
            s3 = FloatVector.fromArray(S, x, xi + i + 3 * L).fma(FloatVector.fromArray(S, y, yi + i + 3 * L), s3);
        }
        for (; i <= k - L; i += L) {
            s0 = FloatVector.fromArray(S, x, xi + i).fma(FloatVector.fromArray(S, y, yi + i), s0);
        }
        float[] lanes = Lanes.room();
        s0.add(s1).add(s2.add(s3)).intoArray(lanes, 0);
        float sum = Lanes.sum(lanes);
        for (; i < k; i++) sum = Math.fma(x[xi + i], y[yi + i], sum);
        return sum;
    }
}
