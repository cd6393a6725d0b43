package org.keras4j.backend.cpu.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Computes {@code c' = s(f) c + s(i) tanh(g)} and {@code h = s(o) tanh(c')} from the gates' arguments, s the sigmoid. */
public final class LstmStep extends CellWork {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();
    private static final int PIECES = 6;

    private final Floats x;
    private final Floats r;
    private final Floats c;
    private final Floats h;
    private final Floats next;

    /** Prepares a step on {@code x[rows][4 * units], r[rows][4 * units], c[rows][units]}. */
    public LstmStep(WorkPool pool, int rows, int units, Floats x, Floats r, Floats c, Floats h, Floats next) {
        super(pool, rows, units, PIECES);
        this.x = x;
        this.r = r;
        this.c = c;
        this.h = h;
        this.next = next;
    }

    @Override
    void compute(int row, int count, float[] room, int piece) {
        int n = Blocks.divideUp(count * units, L) * L;
        gates(this, x, r, c, row, count, room, piece);
        int squashed = 5 * piece;
        VectorMath.tanh(room, 4 * piece, room, squashed, n);
        FloatLoops.multiply(room, 3 * piece, room, squashed, room, squashed, n);
        scatter(room, 4 * piece, next, 1, 0, row, count);
        scatter(room, squashed, h, 1, 0, row, count);
    }

    /** Fills pieces 0 to 3 with the gates i, f, g, o, and 4 with c'. */
    static void gates(CellWork work, Floats x, Floats r, Floats c, int row, int count, float[] room, int piece) {
        int n = Blocks.divideUp(count * work.units, L) * L;
        for (int gate = 0; gate < 4; gate++) {
            int at = gate * piece;
            work.gatherSums(x, r, 4, gate, row, count, room, at);
            if (gate == 2) VectorMath.tanh(room, at, room, at, n);
            else VectorMath.sigmoid(room, at, room, at, n);
        }
        work.gather(c, 1, 0, row, count, room, 4 * piece);
        remember(room, piece, n);
    }

    private static void remember(float[] room, int piece, int n) {
        for (int i = 0; i < n; i += L) {
            FloatVector fresh = FloatVector.fromArray(S, room, i).mul(FloatVector.fromArray(S, room, 2 * piece + i));
            FloatVector kept =
                    FloatVector.fromArray(S, room, piece + i).mul(FloatVector.fromArray(S, room, 4 * piece + i));
            kept.add(fresh).intoArray(room, 4 * piece + i);
        }
    }
}
