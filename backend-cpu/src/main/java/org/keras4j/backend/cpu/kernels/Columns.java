package org.keras4j.backend.cpu.kernels;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Reduces a narrow strip of a matrix, {@code x[rows][stride]}, to one row of up to four vectors. */
final class Columns {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();
    private static final int WIDEST = 4 * L;
    /** Rows summed in float before the sums go on in double. */
    private static final int BLOCK = 32;

    private Columns() {}

    static void reduce(
            Reduction.Function function, float[] x, int from, int stride, int rows, int width, float[] y, int at) {
        switch (function) {
            case SUM -> sum(x, from, stride, rows, width, y, at);
            case PROD -> product(x, from, stride, rows, width, y, at);
            case MAX -> max(x, from, stride, rows, width, y, at);
            case MIN -> min(x, from, stride, rows, width, y, at);
        }
    }

    private static void sum(float[] x, int from, int stride, int rows, int width, float[] y, int at) {
        if (rows <= BLOCK) {
            Arrays.fill(y, at, at + width, 0);
            block(x, from, stride, rows, width, y, at);
            return;
        }
        Scratch scratch = Scratch.ofThread();
        double[] total = scratch.doubles(WIDEST);
        Arrays.fill(total, 0, width, 0);
        float[] sums = scratch.floats(Scratch.Use.TILE, WIDEST);
        for (int r = 0; r < rows; r += BLOCK) {
            Arrays.fill(sums, 0, width, 0);
            block(x, from + r * stride, stride, Math.min(BLOCK, rows - r), width, sums, 0);
            for (int j = 0; j < width; j++) total[j] += sums[j];
        }
        for (int j = 0; j < width; j++) y[at + j] = (float) total[j];
    }

    /** Adds the rows to y. */
    private static void block(float[] x, int from, int stride, int rows, int width, float[] y, int at) {
        int j = 0;
        for (; j <= width - 2 * L; j += 2 * L) {
            FloatVector a = FloatVector.fromArray(S, y, at + j);
            FloatVector b = FloatVector.fromArray(S, y, at + j + L);
            for (int r = 0, i = from + j; r < rows; r++, i += stride) {
                a = a.add(FloatVector.fromArray(S, x, i));
                b = b.add(FloatVector.fromArray(S, x, i + L));
            }
            a.intoArray(y, at + j);
            b.intoArray(y, at + j + L);
        }
        for (; j <= width - L; j += L) {
            FloatVector a = FloatVector.fromArray(S, y, at + j);
            for (int r = 0, i = from + j; r < rows; r++, i += stride) a = a.add(FloatVector.fromArray(S, x, i));
            a.intoArray(y, at + j);
        }
        for (; j < width; j++) {
            float a = y[at + j];
            for (int r = 0, i = from + j; r < rows; r++, i += stride) a += x[i];
            y[at + j] = a;
        }
    }

    private static void product(float[] x, int from, int stride, int rows, int width, float[] y, int at) {
        Arrays.fill(y, at, at + width, 1);
        for (int r = 0; r < rows; r++) FloatLoops.multiply(y, at, x, from + r * stride, y, at, width);
    }

    private static void max(float[] x, int from, int stride, int rows, int width, float[] y, int at) {
        Arrays.fill(y, at, at + width, Float.NEGATIVE_INFINITY);
        for (int r = 0; r < rows; r++) FloatLoops.max(y, at, x, from + r * stride, y, at, width);
    }

    private static void min(float[] x, int from, int stride, int rows, int width, float[] y, int at) {
        Arrays.fill(y, at, at + width, Float.POSITIVE_INFINITY);
        for (int r = 0; r < rows; r++) FloatLoops.min(y, at, x, from + r * stride, y, at, width);
    }
}
