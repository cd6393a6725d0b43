package org.keras4j.backend.cpu.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Computes {@code z h + (1 - z) c} with {@code z = s(x0 + r0)} and {@code c = tanh(x2 + s(x1 + r1) r2)} from the three
 * blocks of columns of x and r, s the sigmoid.
 */
public final class GruStep extends CellWork {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();
    private static final int PIECES = 5;

    /** Prepares a step on {@code x[rows][3 * units], r[rows][3 * units], h[rows][units]}. */
    public GruStep(WorkPool pool, int rows, int units, Floats x, Floats r, Floats h, Floats next) {
        super(pool, rows, units, PIECES);
        addGates(this, x, r);
        add((row, count, room, piece) -> {
            gather(h, 1, 0, row, count, room, 4 * piece);
            mix(room, piece, elements(count));
            scatter(room, 4 * piece, next, 1, 0, row, count);
        });
    }

    /** Adds passes that fill pieces 0 to 3 with z, the reset gate, what it acts on, and the candidate c. */
    static void addGates(CellWork work, Floats x, Floats r) {
        work.add((row, count, room, piece) -> {
            for (int gate = 0; gate < 2; gate++) work.gatherSums(x, r, 3, gate, row, count, room, gate * piece);
            work.gather(r, 3, 2, row, count, room, 2 * piece);
            work.gather(x, 3, 2, row, count, room, 3 * piece);
        });
        for (int gate : new int[] {0, 1})
            work.add((row, count, room, piece) ->
                    VectorMath.sigmoid(room, gate * piece, room, gate * piece, work.elements(count)));
        work.add((row, count, room, piece) -> candidate(room, piece, work.elements(count)));
        work.add((row, count, room, piece) -> VectorMath.tanh(room, 3 * piece, room, 3 * piece, work.elements(count)));
    }

    private static FloatVector at(float[] room, int i) {
        return FloatVector.fromArray(S, room, i);
    }

    private static void candidate(float[] room, int piece, int n) {
        for (int i = 0; i < n; i += L)
            at(room, piece + i)
                    .mul(at(room, 2 * piece + i))
                    .add(at(room, 3 * piece + i))
                    .intoArray(room, 3 * piece + i);
    }

    private static void mix(float[] room, int piece, int n) {
        FloatVector one = FloatVector.broadcast(S, 1);
        for (int i = 0; i < n; i += L) {
            FloatVector z = at(room, i);
            z.mul(at(room, 4 * piece + i))
                    .add(one.sub(z).mul(at(room, 3 * piece + i)))
                    .intoArray(room, 4 * piece + i);
        }
    }
}
