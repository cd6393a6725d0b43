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

    private final Floats x;
    private final Floats r;
    private final Floats h;
    private final Floats next;

    /** Prepares a step on {@code x[rows][3 * units], r[rows][3 * units], h[rows][units]}. */
    public GruStep(WorkPool pool, int rows, int units, Floats x, Floats r, Floats h, Floats next) {
        super(pool, rows, units, PIECES);
        this.x = x;
        this.r = r;
        this.h = h;
        this.next = next;
    }

    @Override
    void compute(int row, int count, float[] room, int piece) {
        int n = Blocks.divideUp(count * units, L) * L;
        gates(this, x, r, row, count, room, piece);
        gather(h, 1, 0, row, count, room, 4 * piece);
        mix(room, piece, n);
        scatter(room, 4 * piece, next, 1, 0, row, count);
    }

    /** Fills pieces 0 to 3 with z, the reset gate, what it acts on, and the candidate c. */
    static void gates(CellWork work, Floats x, Floats r, int row, int count, float[] room, int piece) {
        int n = Blocks.divideUp(count * work.units, L) * L;
        for (int gate = 0; gate < 2; gate++) {
            work.gatherSums(x, r, 3, gate, row, count, room, gate * piece);
            VectorMath.sigmoid(room, gate * piece, room, gate * piece, n);
        }
        work.gather(r, 3, 2, row, count, room, 2 * piece);
        work.gather(x, 3, 2, row, count, room, 3 * piece);
        candidate(room, piece, n);
        VectorMath.tanh(room, 3 * piece, room, 3 * piece, n);
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
