package org.keras4j.backend.cpu.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** Sums the lanes of a vector in one fixed order; {@code reduceLanes} leaves it open and changes it when code is compiled. */
final class Lanes {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();
    private static final VectorShuffle<Float> BY_8 = VectorShuffle.iota(S, 8 % L, 1, true);
    private static final VectorShuffle<Float> BY_4 = VectorShuffle.iota(S, 4 % L, 1, true);
    private static final VectorShuffle<Float> BY_2 = VectorShuffle.iota(S, 2 % L, 1, true);
    private static final VectorShuffle<Float> BY_1 = VectorShuffle.iota(S, 1 % L, 1, true);

    private Lanes() {}

    static float sum(FloatVector v) {
        if (L > 16) return longSum(v);
        if (L > 8) v = v.add(v.rearrange(BY_8));
        if (L > 4) v = v.add(v.rearrange(BY_4));
        if (L > 2) v = v.add(v.rearrange(BY_2));
        if (L > 1) v = v.add(v.rearrange(BY_1));
        return v.lane(0);
    }

    private static float longSum(FloatVector v) {
        float sum = 0;
        for (int i = 0; i < L; i++) sum += v.lane(i);
        return sum;
    }
}
