package org.keras4j.backend.cpu.kernels;

import jdk.incubator.vector.FloatVector;
import org.keras4j.backend.cpu.kernels.Scratch.Use;

/**
 * Sums the lanes of a vector in one fixed order; {@code reduceLanes} leaves it open and changes it when code is
 * compiled. The lanes are handed over in an array: a vector that is an argument is an object wherever the compiler
 * decides not to inline the call.
 */
final class Lanes {
    private static final int L = FloatVector.SPECIES_PREFERRED.length();

    private Lanes() {}

    /** Returns the calling thread's room for the lanes of one vector. */
    static float[] room() {
        return Scratch.ofThread().floats(Use.LANES, L);
    }

    /** Returns the sum of the first lanes of {@code room}, as many as a vector has, and overwrites them. */
    static float sum(float[] room) {
        for (int half = L / 2; half > 0; half /= 2) for (int i = 0; i < half; i++) room[i] += room[i + half];
        return room[0];
    }
}
