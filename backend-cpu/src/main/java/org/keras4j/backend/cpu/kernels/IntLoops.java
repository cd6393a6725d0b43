package org.keras4j.backend.cpu.kernels;

import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Applies simple functions to runs of ints; truth values are 0 and 1. */
public final class IntLoops {
    private static final VectorSpecies<Integer> I = IntVector.SPECIES_PREFERRED;
    private static final int L = I.length();

    private IntLoops() {}

    // spotless:off
    public static void add(int[] a, int ao, int[] b, int bo, int[] y, int yo, int n) {
        for (int i = 0; i < n; i++) y[yo + i] = a[ao + i] + b[bo + i];
    }

    public static void subtract(int[] a, int ao, int[] b, int bo, int[] y, int yo, int n) {
        for (int i = 0; i < n; i++) y[yo + i] = a[ao + i] - b[bo + i];
    }

    public static void multiply(int[] a, int ao, int[] b, int bo, int[] y, int yo, int n) {
        for (int i = 0; i < n; i++) y[yo + i] = a[ao + i] * b[bo + i];
    }

    public static void max(int[] a, int ao, int[] b, int bo, int[] y, int yo, int n) {
        for (int i = 0; i < n; i++) y[yo + i] = Math.max(a[ao + i], b[bo + i]);
    }

    public static void min(int[] a, int ao, int[] b, int bo, int[] y, int yo, int n) {
        for (int i = 0; i < n; i++) y[yo + i] = Math.min(a[ao + i], b[bo + i]);
    }

    public static void and(int[] a, int ao, int[] b, int bo, int[] y, int yo, int n) {
        for (int i = 0; i < n; i++) y[yo + i] = a[ao + i] & b[bo + i];
    }

    public static void or(int[] a, int ao, int[] b, int bo, int[] y, int yo, int n) {
        for (int i = 0; i < n; i++) y[yo + i] = a[ao + i] | b[bo + i];
    }

    public static void xor(int[] a, int ao, int[] b, int bo, int[] y, int yo, int n) {
        for (int i = 0; i < n; i++) y[yo + i] = a[ao + i] ^ b[bo + i];
    }

    /** Turns truth values round. */
    public static void not(int[] x, int xo, int[] y, int yo, int n) {
        for (int i = 0; i < n; i++) y[yo + i] = 1 - x[xo + i];
    }
    // spotless:on

    /** Writes 1 where {@code a < b}, else 0. */
    public static void less(int[] a, int ao, int[] b, int bo, int[] y, int yo, int n) {
        int i = 0;
        for (; i <= n - L; i += L) {
            var m = IntVector.fromArray(I, a, ao + i).compare(VectorOperators.LT, IntVector.fromArray(I, b, bo + i));
            IntVector.zero(I).blend(1, m).intoArray(y, yo + i);
        }
        for (; i < n; i++) y[yo + i] = a[ao + i] < b[bo + i] ? 1 : 0;
    }

    /** Writes 1 where {@code a == b}, else 0. */
    public static void equal(int[] a, int ao, int[] b, int bo, int[] y, int yo, int n) {
        int i = 0;
        for (; i <= n - L; i += L) {
            var m = IntVector.fromArray(I, a, ao + i).compare(VectorOperators.EQ, IntVector.fromArray(I, b, bo + i));
            IntVector.zero(I).blend(1, m).intoArray(y, yo + i);
        }
        for (; i < n; i++) y[yo + i] = a[ao + i] == b[bo + i] ? 1 : 0;
    }

    /** Writes {@code c[i] != 0 ? a[i] : b[i]}. */
    public static void choose(int[] c, int q, int[] a, int ao, int[] b, int bo, int[] y, int yo, int n) {
        int i = 0;
        for (; i <= n - L; i += L) {
            var m = IntVector.fromArray(I, c, q + i).compare(VectorOperators.NE, 0);
            IntVector.fromArray(I, b, bo + i)
                    .blend(IntVector.fromArray(I, a, ao + i), m)
                    .intoArray(y, yo + i);
        }
        for (; i < n; i++) y[yo + i] = c[q + i] != 0 ? a[ao + i] : b[bo + i];
    }
}
