package org.keras4j.backend.cpu.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/** Copies narrow strips of matrices. */
final class Strips {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();
    /** Whether part of a vector is stored by one instruction, as AVX2 and AVX-512 have it. */
    private static final boolean MASKS = L >= 8;

    private Strips() {}

    /** Copies a run of some ten to some hundred floats, for which a call of arraycopy costs as much as the copying. */
    static void copy(float[] from, int f, float[] to, int t, int count) {
        if (count < L) {
            for (int i = 0; i < count; i++) to[t + i] = from[f + i];
            return;
        }
        int last = count - L;
        for (int i = 0; i < last; i += L) FloatVector.fromArray(S, from, f + i).intoArray(to, t + i);
        FloatVector.fromArray(S, from, f + last).intoArray(to, t + last);
    }

    /**
     * Copies {@code rows} runs of {@code width} floats. When runs are written without gaps, or to the starts of lines
     * that are a vector long, a whole vector is moved at a time: what it writes too much is overwritten by the next run
     * or part of a line, so the target needs room for one vector more.
     */
    static void copy(float[] from, int f, int fromStride, int rows, int width, float[] to, int t, int toStride) {
        boolean free = width == toStride || toStride >= L && t % toStride == 0;
        boolean roomy = free && width <= L && width > L / 4 && t + rows * toStride + L <= to.length;
        int i = 0;
        if (roomy || MASKS && width < L) {
            int safe = rows;
            while (safe > 0 && f + (safe - 1) * fromStride + L > from.length) safe--;
            if (roomy) vectors(from, f, fromStride, safe, to, t, toStride);
            else masked(from, f, fromStride, safe, width, to, t, toStride);
            i = safe;
            f += safe * fromStride;
            t += safe * toStride;
        }
        for (; i < rows; i++) {
            for (int j = 0; j < width; j++) to[t + j] = from[f + j];
            f += fromStride;
            t += toStride;
        }
    }

    private static void vectors(float[] from, int f, int fromStride, int rows, float[] to, int t, int toStride) {
        for (int i = 0; i < rows; i++, f += fromStride, t += toStride)
            FloatVector.fromArray(S, from, f).intoArray(to, t);
    }

    private static void masked(
            float[] from, int f, int fromStride, int rows, int width, float[] to, int t, int toStride) {
        VectorMask<Float> some = S.indexInRange(0, width);
        for (int i = 0; i < rows; i++, f += fromStride, t += toStride)
            FloatVector.fromArray(S, from, f).intoArray(to, t, some);
    }
}
