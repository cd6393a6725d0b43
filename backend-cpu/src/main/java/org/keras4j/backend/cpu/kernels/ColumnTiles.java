package org.keras4j.backend.cpu.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Adds to a register tile of C the product of a panel of A and a panel of B.
 *
 * <p>A is {@code [k][STEP]} from index 0 on, the rows of the tile side by side.
 * B is {@code [k][ldb]}, C is {@code [height][ldc]}; a tile is {@code height} rows by one or two vectors.
 * Two vectors by 14 rows fill 28 of the 32 registers of AVX-512 and NEON. Written by {@code TileWriter}
 * of the kernel laboratory, which tells why it looks as it does.
 */
@SuppressWarnings("UnusedVariable") // all tiles take the same arguments
final class ColumnTiles {
    // spotless:off
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();
    private static final int T = Blocks.STEP;

    private ColumnTiles() {}

    /** Runs the tile of this height and of one or two vectors. */
    static void run(
            int height, boolean wide, int depth, float[] a, float[] b, int bi, int ldb, float[] c, int ci, int ldc) {
        if (wide) {
            switch (height) {
                case 14 -> tile14x2(depth, a, b, bi, ldb, c, ci, ldc);
                case 8 -> tile8x2(depth, a, b, bi, ldb, c, ci, ldc);
                case 6 -> tile6x2(depth, a, b, bi, ldb, c, ci, ldc);
                case 4 -> tile4x2(depth, a, b, bi, ldb, c, ci, ldc);
                case 2 -> tile2x2(depth, a, b, bi, ldb, c, ci, ldc);
                case 1 -> tile1x2(depth, a, b, bi, ldb, c, ci, ldc);
                default -> throw new IllegalArgumentException("no tile of height " + height);
            }
        } else {
            switch (height) {
                case 14 -> tile14x1(depth, a, b, bi, ldb, c, ci, ldc);
                case 8 -> tile8x1(depth, a, b, bi, ldb, c, ci, ldc);
                case 6 -> tile6x1(depth, a, b, bi, ldb, c, ci, ldc);
                case 4 -> tile4x1(depth, a, b, bi, ldb, c, ci, ldc);
                case 2 -> tile2x1(depth, a, b, bi, ldb, c, ci, ldc);
                case 1 -> tile1x1(depth, a, b, bi, ldb, c, ci, ldc);
                default -> throw new IllegalArgumentException("no tile of height " + height);
            }
        }
    }

    private static void tile14x2(int depth, float[] a, float[] b, int bi, int ldb, float[] c, int ci, int ldc) {
        FloatVector ca0 = FloatVector.fromArray(S, c, ci), ca1 = FloatVector.fromArray(S, c, ci + L);
        FloatVector cb0 = FloatVector.fromArray(S, c, ci + ldc), cb1 = FloatVector.fromArray(S, c, ci + ldc + L);
        FloatVector cc0 = FloatVector.fromArray(S, c, ci + 2 * ldc),
                cc1 = FloatVector.fromArray(S, c, ci + 2 * ldc + L);
        FloatVector cd0 = FloatVector.fromArray(S, c, ci + 3 * ldc),
                cd1 = FloatVector.fromArray(S, c, ci + 3 * ldc + L);
        FloatVector ce0 = FloatVector.fromArray(S, c, ci + 4 * ldc),
                ce1 = FloatVector.fromArray(S, c, ci + 4 * ldc + L);
        FloatVector cf0 = FloatVector.fromArray(S, c, ci + 5 * ldc),
                cf1 = FloatVector.fromArray(S, c, ci + 5 * ldc + L);
        FloatVector cg0 = FloatVector.fromArray(S, c, ci + 6 * ldc),
                cg1 = FloatVector.fromArray(S, c, ci + 6 * ldc + L);
        FloatVector ch0 = FloatVector.fromArray(S, c, ci + 7 * ldc),
                ch1 = FloatVector.fromArray(S, c, ci + 7 * ldc + L);
        FloatVector ci0 = FloatVector.fromArray(S, c, ci + 8 * ldc),
                ci1 = FloatVector.fromArray(S, c, ci + 8 * ldc + L);
        FloatVector cj0 = FloatVector.fromArray(S, c, ci + 9 * ldc),
                cj1 = FloatVector.fromArray(S, c, ci + 9 * ldc + L);
        FloatVector ck0 = FloatVector.fromArray(S, c, ci + 10 * ldc),
                ck1 = FloatVector.fromArray(S, c, ci + 10 * ldc + L);
        FloatVector cl0 = FloatVector.fromArray(S, c, ci + 11 * ldc),
                cl1 = FloatVector.fromArray(S, c, ci + 11 * ldc + L);
        FloatVector cm0 = FloatVector.fromArray(S, c, ci + 12 * ldc),
                cm1 = FloatVector.fromArray(S, c, ci + 12 * ldc + L);
        FloatVector cn0 = FloatVector.fromArray(S, c, ci + 13 * ldc),
                cn1 = FloatVector.fromArray(S, c, ci + 13 * ldc + L);
        for (int k = 0; k < depth; k++) {
            FloatVector b0 = FloatVector.fromArray(S, b, bi), b1 = FloatVector.fromArray(S, b, bi + L), x;
            x = FloatVector.broadcast(S, a[k * T]);
            ca0 = x.fma(b0, ca0);
            ca1 = x.fma(b1, ca1);
            x = FloatVector.broadcast(S, a[k * T + 1]);
            cb0 = x.fma(b0, cb0);
            cb1 = x.fma(b1, cb1);
            x = FloatVector.broadcast(S, a[k * T + 2]);
            cc0 = x.fma(b0, cc0);
            cc1 = x.fma(b1, cc1);
            x = FloatVector.broadcast(S, a[k * T + 3]);
            cd0 = x.fma(b0, cd0);
            cd1 = x.fma(b1, cd1);
            x = FloatVector.broadcast(S, a[k * T + 4]);
            ce0 = x.fma(b0, ce0);
            ce1 = x.fma(b1, ce1);
            x = FloatVector.broadcast(S, a[k * T + 5]);
            cf0 = x.fma(b0, cf0);
            cf1 = x.fma(b1, cf1);
            x = FloatVector.broadcast(S, a[k * T + 6]);
            cg0 = x.fma(b0, cg0);
            cg1 = x.fma(b1, cg1);
            x = FloatVector.broadcast(S, a[k * T + 7]);
            ch0 = x.fma(b0, ch0);
            ch1 = x.fma(b1, ch1);
            x = FloatVector.broadcast(S, a[k * T + 8]);
            ci0 = x.fma(b0, ci0);
            ci1 = x.fma(b1, ci1);
            x = FloatVector.broadcast(S, a[k * T + 9]);
            cj0 = x.fma(b0, cj0);
            cj1 = x.fma(b1, cj1);
            x = FloatVector.broadcast(S, a[k * T + 10]);
            ck0 = x.fma(b0, ck0);
            ck1 = x.fma(b1, ck1);
            x = FloatVector.broadcast(S, a[k * T + 11]);
            cl0 = x.fma(b0, cl0);
            cl1 = x.fma(b1, cl1);
            x = FloatVector.broadcast(S, a[k * T + 12]);
            cm0 = x.fma(b0, cm0);
            cm1 = x.fma(b1, cm1);
            x = FloatVector.broadcast(S, a[k * T + 13]);
            cn0 = x.fma(b0, cn0);
            cn1 = x.fma(b1, cn1);
            bi += ldb;
        }
        ca0.intoArray(c, ci);
        ca1.intoArray(c, ci + L);
        cb0.intoArray(c, ci + ldc);
        cb1.intoArray(c, ci + ldc + L);
        cc0.intoArray(c, ci + 2 * ldc);
        cc1.intoArray(c, ci + 2 * ldc + L);
        cd0.intoArray(c, ci + 3 * ldc);
        cd1.intoArray(c, ci + 3 * ldc + L);
        ce0.intoArray(c, ci + 4 * ldc);
        ce1.intoArray(c, ci + 4 * ldc + L);
        cf0.intoArray(c, ci + 5 * ldc);
        cf1.intoArray(c, ci + 5 * ldc + L);
        cg0.intoArray(c, ci + 6 * ldc);
        cg1.intoArray(c, ci + 6 * ldc + L);
        ch0.intoArray(c, ci + 7 * ldc);
        ch1.intoArray(c, ci + 7 * ldc + L);
        ci0.intoArray(c, ci + 8 * ldc);
        ci1.intoArray(c, ci + 8 * ldc + L);
        cj0.intoArray(c, ci + 9 * ldc);
        cj1.intoArray(c, ci + 9 * ldc + L);
        ck0.intoArray(c, ci + 10 * ldc);
        ck1.intoArray(c, ci + 10 * ldc + L);
        cl0.intoArray(c, ci + 11 * ldc);
        cl1.intoArray(c, ci + 11 * ldc + L);
        cm0.intoArray(c, ci + 12 * ldc);
        cm1.intoArray(c, ci + 12 * ldc + L);
        cn0.intoArray(c, ci + 13 * ldc);
        cn1.intoArray(c, ci + 13 * ldc + L);
    }

    private static void tile8x2(int depth, float[] a, float[] b, int bi, int ldb, float[] c, int ci, int ldc) {
        FloatVector ca0 = FloatVector.fromArray(S, c, ci), ca1 = FloatVector.fromArray(S, c, ci + L);
        FloatVector cb0 = FloatVector.fromArray(S, c, ci + ldc), cb1 = FloatVector.fromArray(S, c, ci + ldc + L);
        FloatVector cc0 = FloatVector.fromArray(S, c, ci + 2 * ldc),
                cc1 = FloatVector.fromArray(S, c, ci + 2 * ldc + L);
        FloatVector cd0 = FloatVector.fromArray(S, c, ci + 3 * ldc),
                cd1 = FloatVector.fromArray(S, c, ci + 3 * ldc + L);
        FloatVector ce0 = FloatVector.fromArray(S, c, ci + 4 * ldc),
                ce1 = FloatVector.fromArray(S, c, ci + 4 * ldc + L);
        FloatVector cf0 = FloatVector.fromArray(S, c, ci + 5 * ldc),
                cf1 = FloatVector.fromArray(S, c, ci + 5 * ldc + L);
        FloatVector cg0 = FloatVector.fromArray(S, c, ci + 6 * ldc),
                cg1 = FloatVector.fromArray(S, c, ci + 6 * ldc + L);
        FloatVector ch0 = FloatVector.fromArray(S, c, ci + 7 * ldc),
                ch1 = FloatVector.fromArray(S, c, ci + 7 * ldc + L);
        for (int k = 0; k < depth; k++) {
            FloatVector b0 = FloatVector.fromArray(S, b, bi), b1 = FloatVector.fromArray(S, b, bi + L), x;
            x = FloatVector.broadcast(S, a[k * T]);
            ca0 = x.fma(b0, ca0);
            ca1 = x.fma(b1, ca1);
            x = FloatVector.broadcast(S, a[k * T + 1]);
            cb0 = x.fma(b0, cb0);
            cb1 = x.fma(b1, cb1);
            x = FloatVector.broadcast(S, a[k * T + 2]);
            cc0 = x.fma(b0, cc0);
            cc1 = x.fma(b1, cc1);
            x = FloatVector.broadcast(S, a[k * T + 3]);
            cd0 = x.fma(b0, cd0);
            cd1 = x.fma(b1, cd1);
            x = FloatVector.broadcast(S, a[k * T + 4]);
            ce0 = x.fma(b0, ce0);
            ce1 = x.fma(b1, ce1);
            x = FloatVector.broadcast(S, a[k * T + 5]);
            cf0 = x.fma(b0, cf0);
            cf1 = x.fma(b1, cf1);
            x = FloatVector.broadcast(S, a[k * T + 6]);
            cg0 = x.fma(b0, cg0);
            cg1 = x.fma(b1, cg1);
            x = FloatVector.broadcast(S, a[k * T + 7]);
            ch0 = x.fma(b0, ch0);
            ch1 = x.fma(b1, ch1);
            bi += ldb;
        }
        ca0.intoArray(c, ci);
        ca1.intoArray(c, ci + L);
        cb0.intoArray(c, ci + ldc);
        cb1.intoArray(c, ci + ldc + L);
        cc0.intoArray(c, ci + 2 * ldc);
        cc1.intoArray(c, ci + 2 * ldc + L);
        cd0.intoArray(c, ci + 3 * ldc);
        cd1.intoArray(c, ci + 3 * ldc + L);
        ce0.intoArray(c, ci + 4 * ldc);
        ce1.intoArray(c, ci + 4 * ldc + L);
        cf0.intoArray(c, ci + 5 * ldc);
        cf1.intoArray(c, ci + 5 * ldc + L);
        cg0.intoArray(c, ci + 6 * ldc);
        cg1.intoArray(c, ci + 6 * ldc + L);
        ch0.intoArray(c, ci + 7 * ldc);
        ch1.intoArray(c, ci + 7 * ldc + L);
    }

    private static void tile6x2(int depth, float[] a, float[] b, int bi, int ldb, float[] c, int ci, int ldc) {
        FloatVector ca0 = FloatVector.fromArray(S, c, ci), ca1 = FloatVector.fromArray(S, c, ci + L);
        FloatVector cb0 = FloatVector.fromArray(S, c, ci + ldc), cb1 = FloatVector.fromArray(S, c, ci + ldc + L);
        FloatVector cc0 = FloatVector.fromArray(S, c, ci + 2 * ldc),
                cc1 = FloatVector.fromArray(S, c, ci + 2 * ldc + L);
        FloatVector cd0 = FloatVector.fromArray(S, c, ci + 3 * ldc),
                cd1 = FloatVector.fromArray(S, c, ci + 3 * ldc + L);
        FloatVector ce0 = FloatVector.fromArray(S, c, ci + 4 * ldc),
                ce1 = FloatVector.fromArray(S, c, ci + 4 * ldc + L);
        FloatVector cf0 = FloatVector.fromArray(S, c, ci + 5 * ldc),
                cf1 = FloatVector.fromArray(S, c, ci + 5 * ldc + L);
        for (int k = 0; k < depth; k++) {
            FloatVector b0 = FloatVector.fromArray(S, b, bi), b1 = FloatVector.fromArray(S, b, bi + L), x;
            x = FloatVector.broadcast(S, a[k * T]);
            ca0 = x.fma(b0, ca0);
            ca1 = x.fma(b1, ca1);
            x = FloatVector.broadcast(S, a[k * T + 1]);
            cb0 = x.fma(b0, cb0);
            cb1 = x.fma(b1, cb1);
            x = FloatVector.broadcast(S, a[k * T + 2]);
            cc0 = x.fma(b0, cc0);
            cc1 = x.fma(b1, cc1);
            x = FloatVector.broadcast(S, a[k * T + 3]);
            cd0 = x.fma(b0, cd0);
            cd1 = x.fma(b1, cd1);
            x = FloatVector.broadcast(S, a[k * T + 4]);
            ce0 = x.fma(b0, ce0);
            ce1 = x.fma(b1, ce1);
            x = FloatVector.broadcast(S, a[k * T + 5]);
            cf0 = x.fma(b0, cf0);
            cf1 = x.fma(b1, cf1);
            bi += ldb;
        }
        ca0.intoArray(c, ci);
        ca1.intoArray(c, ci + L);
        cb0.intoArray(c, ci + ldc);
        cb1.intoArray(c, ci + ldc + L);
        cc0.intoArray(c, ci + 2 * ldc);
        cc1.intoArray(c, ci + 2 * ldc + L);
        cd0.intoArray(c, ci + 3 * ldc);
        cd1.intoArray(c, ci + 3 * ldc + L);
        ce0.intoArray(c, ci + 4 * ldc);
        ce1.intoArray(c, ci + 4 * ldc + L);
        cf0.intoArray(c, ci + 5 * ldc);
        cf1.intoArray(c, ci + 5 * ldc + L);
    }

    private static void tile4x2(int depth, float[] a, float[] b, int bi, int ldb, float[] c, int ci, int ldc) {
        FloatVector ca0 = FloatVector.fromArray(S, c, ci), ca1 = FloatVector.fromArray(S, c, ci + L);
        FloatVector cb0 = FloatVector.fromArray(S, c, ci + ldc), cb1 = FloatVector.fromArray(S, c, ci + ldc + L);
        FloatVector cc0 = FloatVector.fromArray(S, c, ci + 2 * ldc),
                cc1 = FloatVector.fromArray(S, c, ci + 2 * ldc + L);
        FloatVector cd0 = FloatVector.fromArray(S, c, ci + 3 * ldc),
                cd1 = FloatVector.fromArray(S, c, ci + 3 * ldc + L);
        for (int k = 0; k < depth; k++) {
            FloatVector b0 = FloatVector.fromArray(S, b, bi), b1 = FloatVector.fromArray(S, b, bi + L), x;
            x = FloatVector.broadcast(S, a[k * T]);
            ca0 = x.fma(b0, ca0);
            ca1 = x.fma(b1, ca1);
            x = FloatVector.broadcast(S, a[k * T + 1]);
            cb0 = x.fma(b0, cb0);
            cb1 = x.fma(b1, cb1);
            x = FloatVector.broadcast(S, a[k * T + 2]);
            cc0 = x.fma(b0, cc0);
            cc1 = x.fma(b1, cc1);
            x = FloatVector.broadcast(S, a[k * T + 3]);
            cd0 = x.fma(b0, cd0);
            cd1 = x.fma(b1, cd1);
            bi += ldb;
        }
        ca0.intoArray(c, ci);
        ca1.intoArray(c, ci + L);
        cb0.intoArray(c, ci + ldc);
        cb1.intoArray(c, ci + ldc + L);
        cc0.intoArray(c, ci + 2 * ldc);
        cc1.intoArray(c, ci + 2 * ldc + L);
        cd0.intoArray(c, ci + 3 * ldc);
        cd1.intoArray(c, ci + 3 * ldc + L);
    }

    private static void tile2x2(int depth, float[] a, float[] b, int bi, int ldb, float[] c, int ci, int ldc) {
        FloatVector ca0 = FloatVector.fromArray(S, c, ci), ca1 = FloatVector.fromArray(S, c, ci + L);
        FloatVector cb0 = FloatVector.fromArray(S, c, ci + ldc), cb1 = FloatVector.fromArray(S, c, ci + ldc + L);
        for (int k = 0; k < depth; k++) {
            FloatVector b0 = FloatVector.fromArray(S, b, bi), b1 = FloatVector.fromArray(S, b, bi + L), x;
            x = FloatVector.broadcast(S, a[k * T]);
            ca0 = x.fma(b0, ca0);
            ca1 = x.fma(b1, ca1);
            x = FloatVector.broadcast(S, a[k * T + 1]);
            cb0 = x.fma(b0, cb0);
            cb1 = x.fma(b1, cb1);
            bi += ldb;
        }
        ca0.intoArray(c, ci);
        ca1.intoArray(c, ci + L);
        cb0.intoArray(c, ci + ldc);
        cb1.intoArray(c, ci + ldc + L);
    }

    private static void tile1x2(int depth, float[] a, float[] b, int bi, int ldb, float[] c, int ci, int ldc) {
        FloatVector ca0 = FloatVector.fromArray(S, c, ci), ca1 = FloatVector.fromArray(S, c, ci + L);
        for (int k = 0; k < depth; k++) {
            FloatVector b0 = FloatVector.fromArray(S, b, bi), b1 = FloatVector.fromArray(S, b, bi + L), x;
            x = FloatVector.broadcast(S, a[k * T]);
            ca0 = x.fma(b0, ca0);
            ca1 = x.fma(b1, ca1);
            bi += ldb;
        }
        ca0.intoArray(c, ci);
        ca1.intoArray(c, ci + L);
    }

    private static void tile14x1(int depth, float[] a, float[] b, int bi, int ldb, float[] c, int ci, int ldc) {
        FloatVector ca0 = FloatVector.fromArray(S, c, ci);
        FloatVector cb0 = FloatVector.fromArray(S, c, ci + ldc);
        FloatVector cc0 = FloatVector.fromArray(S, c, ci + 2 * ldc);
        FloatVector cd0 = FloatVector.fromArray(S, c, ci + 3 * ldc);
        FloatVector ce0 = FloatVector.fromArray(S, c, ci + 4 * ldc);
        FloatVector cf0 = FloatVector.fromArray(S, c, ci + 5 * ldc);
        FloatVector cg0 = FloatVector.fromArray(S, c, ci + 6 * ldc);
        FloatVector ch0 = FloatVector.fromArray(S, c, ci + 7 * ldc);
        FloatVector ci0 = FloatVector.fromArray(S, c, ci + 8 * ldc);
        FloatVector cj0 = FloatVector.fromArray(S, c, ci + 9 * ldc);
        FloatVector ck0 = FloatVector.fromArray(S, c, ci + 10 * ldc);
        FloatVector cl0 = FloatVector.fromArray(S, c, ci + 11 * ldc);
        FloatVector cm0 = FloatVector.fromArray(S, c, ci + 12 * ldc);
        FloatVector cn0 = FloatVector.fromArray(S, c, ci + 13 * ldc);
        for (int k = 0; k < depth; k++) {
            FloatVector b0 = FloatVector.fromArray(S, b, bi), x;
            x = FloatVector.broadcast(S, a[k * T]);
            ca0 = x.fma(b0, ca0);
            x = FloatVector.broadcast(S, a[k * T + 1]);
            cb0 = x.fma(b0, cb0);
            x = FloatVector.broadcast(S, a[k * T + 2]);
            cc0 = x.fma(b0, cc0);
            x = FloatVector.broadcast(S, a[k * T + 3]);
            cd0 = x.fma(b0, cd0);
            x = FloatVector.broadcast(S, a[k * T + 4]);
            ce0 = x.fma(b0, ce0);
            x = FloatVector.broadcast(S, a[k * T + 5]);
            cf0 = x.fma(b0, cf0);
            x = FloatVector.broadcast(S, a[k * T + 6]);
            cg0 = x.fma(b0, cg0);
            x = FloatVector.broadcast(S, a[k * T + 7]);
            ch0 = x.fma(b0, ch0);
            x = FloatVector.broadcast(S, a[k * T + 8]);
            ci0 = x.fma(b0, ci0);
            x = FloatVector.broadcast(S, a[k * T + 9]);
            cj0 = x.fma(b0, cj0);
            x = FloatVector.broadcast(S, a[k * T + 10]);
            ck0 = x.fma(b0, ck0);
            x = FloatVector.broadcast(S, a[k * T + 11]);
            cl0 = x.fma(b0, cl0);
            x = FloatVector.broadcast(S, a[k * T + 12]);
            cm0 = x.fma(b0, cm0);
            x = FloatVector.broadcast(S, a[k * T + 13]);
            cn0 = x.fma(b0, cn0);
            bi += ldb;
        }
        ca0.intoArray(c, ci);
        cb0.intoArray(c, ci + ldc);
        cc0.intoArray(c, ci + 2 * ldc);
        cd0.intoArray(c, ci + 3 * ldc);
        ce0.intoArray(c, ci + 4 * ldc);
        cf0.intoArray(c, ci + 5 * ldc);
        cg0.intoArray(c, ci + 6 * ldc);
        ch0.intoArray(c, ci + 7 * ldc);
        ci0.intoArray(c, ci + 8 * ldc);
        cj0.intoArray(c, ci + 9 * ldc);
        ck0.intoArray(c, ci + 10 * ldc);
        cl0.intoArray(c, ci + 11 * ldc);
        cm0.intoArray(c, ci + 12 * ldc);
        cn0.intoArray(c, ci + 13 * ldc);
    }

    private static void tile8x1(int depth, float[] a, float[] b, int bi, int ldb, float[] c, int ci, int ldc) {
        FloatVector ca0 = FloatVector.fromArray(S, c, ci);
        FloatVector cb0 = FloatVector.fromArray(S, c, ci + ldc);
        FloatVector cc0 = FloatVector.fromArray(S, c, ci + 2 * ldc);
        FloatVector cd0 = FloatVector.fromArray(S, c, ci + 3 * ldc);
        FloatVector ce0 = FloatVector.fromArray(S, c, ci + 4 * ldc);
        FloatVector cf0 = FloatVector.fromArray(S, c, ci + 5 * ldc);
        FloatVector cg0 = FloatVector.fromArray(S, c, ci + 6 * ldc);
        FloatVector ch0 = FloatVector.fromArray(S, c, ci + 7 * ldc);
        for (int k = 0; k < depth; k++) {
            FloatVector b0 = FloatVector.fromArray(S, b, bi), x;
            x = FloatVector.broadcast(S, a[k * T]);
            ca0 = x.fma(b0, ca0);
            x = FloatVector.broadcast(S, a[k * T + 1]);
            cb0 = x.fma(b0, cb0);
            x = FloatVector.broadcast(S, a[k * T + 2]);
            cc0 = x.fma(b0, cc0);
            x = FloatVector.broadcast(S, a[k * T + 3]);
            cd0 = x.fma(b0, cd0);
            x = FloatVector.broadcast(S, a[k * T + 4]);
            ce0 = x.fma(b0, ce0);
            x = FloatVector.broadcast(S, a[k * T + 5]);
            cf0 = x.fma(b0, cf0);
            x = FloatVector.broadcast(S, a[k * T + 6]);
            cg0 = x.fma(b0, cg0);
            x = FloatVector.broadcast(S, a[k * T + 7]);
            ch0 = x.fma(b0, ch0);
            bi += ldb;
        }
        ca0.intoArray(c, ci);
        cb0.intoArray(c, ci + ldc);
        cc0.intoArray(c, ci + 2 * ldc);
        cd0.intoArray(c, ci + 3 * ldc);
        ce0.intoArray(c, ci + 4 * ldc);
        cf0.intoArray(c, ci + 5 * ldc);
        cg0.intoArray(c, ci + 6 * ldc);
        ch0.intoArray(c, ci + 7 * ldc);
    }

    private static void tile6x1(int depth, float[] a, float[] b, int bi, int ldb, float[] c, int ci, int ldc) {
        FloatVector ca0 = FloatVector.fromArray(S, c, ci);
        FloatVector cb0 = FloatVector.fromArray(S, c, ci + ldc);
        FloatVector cc0 = FloatVector.fromArray(S, c, ci + 2 * ldc);
        FloatVector cd0 = FloatVector.fromArray(S, c, ci + 3 * ldc);
        FloatVector ce0 = FloatVector.fromArray(S, c, ci + 4 * ldc);
        FloatVector cf0 = FloatVector.fromArray(S, c, ci + 5 * ldc);
        for (int k = 0; k < depth; k++) {
            FloatVector b0 = FloatVector.fromArray(S, b, bi), x;
            x = FloatVector.broadcast(S, a[k * T]);
            ca0 = x.fma(b0, ca0);
            x = FloatVector.broadcast(S, a[k * T + 1]);
            cb0 = x.fma(b0, cb0);
            x = FloatVector.broadcast(S, a[k * T + 2]);
            cc0 = x.fma(b0, cc0);
            x = FloatVector.broadcast(S, a[k * T + 3]);
            cd0 = x.fma(b0, cd0);
            x = FloatVector.broadcast(S, a[k * T + 4]);
            ce0 = x.fma(b0, ce0);
            x = FloatVector.broadcast(S, a[k * T + 5]);
            cf0 = x.fma(b0, cf0);
            bi += ldb;
        }
        ca0.intoArray(c, ci);
        cb0.intoArray(c, ci + ldc);
        cc0.intoArray(c, ci + 2 * ldc);
        cd0.intoArray(c, ci + 3 * ldc);
        ce0.intoArray(c, ci + 4 * ldc);
        cf0.intoArray(c, ci + 5 * ldc);
    }

    private static void tile4x1(int depth, float[] a, float[] b, int bi, int ldb, float[] c, int ci, int ldc) {
        FloatVector ca0 = FloatVector.fromArray(S, c, ci);
        FloatVector cb0 = FloatVector.fromArray(S, c, ci + ldc);
        FloatVector cc0 = FloatVector.fromArray(S, c, ci + 2 * ldc);
        FloatVector cd0 = FloatVector.fromArray(S, c, ci + 3 * ldc);
        for (int k = 0; k < depth; k++) {
            FloatVector b0 = FloatVector.fromArray(S, b, bi), x;
            x = FloatVector.broadcast(S, a[k * T]);
            ca0 = x.fma(b0, ca0);
            x = FloatVector.broadcast(S, a[k * T + 1]);
            cb0 = x.fma(b0, cb0);
            x = FloatVector.broadcast(S, a[k * T + 2]);
            cc0 = x.fma(b0, cc0);
            x = FloatVector.broadcast(S, a[k * T + 3]);
            cd0 = x.fma(b0, cd0);
            bi += ldb;
        }
        ca0.intoArray(c, ci);
        cb0.intoArray(c, ci + ldc);
        cc0.intoArray(c, ci + 2 * ldc);
        cd0.intoArray(c, ci + 3 * ldc);
    }

    private static void tile2x1(int depth, float[] a, float[] b, int bi, int ldb, float[] c, int ci, int ldc) {
        FloatVector ca0 = FloatVector.fromArray(S, c, ci);
        FloatVector cb0 = FloatVector.fromArray(S, c, ci + ldc);
        for (int k = 0; k < depth; k++) {
            FloatVector b0 = FloatVector.fromArray(S, b, bi), x;
            x = FloatVector.broadcast(S, a[k * T]);
            ca0 = x.fma(b0, ca0);
            x = FloatVector.broadcast(S, a[k * T + 1]);
            cb0 = x.fma(b0, cb0);
            bi += ldb;
        }
        ca0.intoArray(c, ci);
        cb0.intoArray(c, ci + ldc);
    }

    private static void tile1x1(int depth, float[] a, float[] b, int bi, int ldb, float[] c, int ci, int ldc) {
        FloatVector ca0 = FloatVector.fromArray(S, c, ci);
        for (int k = 0; k < depth; k++) {
            FloatVector b0 = FloatVector.fromArray(S, b, bi), x;
            x = FloatVector.broadcast(S, a[k * T]);
            ca0 = x.fma(b0, ca0);
            bi += ldb;
        }
        ca0.intoArray(c, ci);
    }
}
