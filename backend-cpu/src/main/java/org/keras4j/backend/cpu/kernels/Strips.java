package org.keras4j.backend.cpu.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Copies narrow strips of matrices. */
final class Strips {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();

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
        if (roomy) {
            int safe = rows;
            while (safe > 0 && f + (safe - 1) * fromStride + L > from.length) safe--;
            for (; i < safe; i++) {
                FloatVector.fromArray(S, from, f).intoArray(to, t);
                f += fromStride;
                t += toStride;
            }
        }
        for (; i < rows; i++) {
            for (int j = 0; j < width; j++) to[t + j] = from[f + j];
            f += fromStride;
            t += toStride;
        }
    }
}
