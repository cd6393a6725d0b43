package org.keras4j.backend.cpu.kernels;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Hides scores that take no part. The mask's element (batch, head, query, key), 0 for hidden, is at {@code at} plus the
 * indices times their steps; a step of 0 repeats it.
 */
public record HeadMask(int[] array, int at, int batchStep, int headStep, int queryStep, int keyStep) {
    /** What a hidden score is: so low that it counts for nothing, and finite. */
    static final float HIDDEN = -0.7f * Float.MAX_VALUE;

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Integer> I = IntVector.SPECIES_PREFERRED;
    private static final int L = S.length();

    /** Hides some of a row's scores for {@code count} keys from {@code key} on. */
    void hide(int batch, int head, int query, int key, int count, float[] scores, int so) {
        int from = at + batch * batchStep + head * headStep + query * queryStep + key * keyStep;
        if (keyStep != 0) hide(array, from, scores, so, count);
        else if (array[from] == 0) Arrays.fill(scores, so, so + count, HIDDEN);
    }

    private static void hide(int[] mask, int mo, float[] scores, int so, int n) {
        int j = 0;
        for (; j <= n - L; j += L) {
            var hidden = IntVector.fromArray(I, mask, mo + j)
                    .compare(VectorOperators.EQ, 0)
                    .cast(S);
            FloatVector.fromArray(S, scores, so + j).blend(HIDDEN, hidden).intoArray(scores, so + j);
        }
        for (; j < n; j++) if (mask[mo + j] == 0) scores[so + j] = HIDDEN;
    }
}
