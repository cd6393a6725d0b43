package org.keras4j.backend.cpu.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Computes {@code c' = s(f) c + s(i) tanh(g)} and {@code h = s(o) tanh(c')} from the gates' arguments, s the sigmoid.
 */
public final class LstmStep extends CellWork {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();
    private static final int PIECES = 6;

    /** Prepares a step on {@code x[rows][4 * units], r[rows][4 * units], c[rows][units]}. */
    public LstmStep(WorkPool pool, int rows, int units, Floats x, Floats r, Floats c, Floats h, Floats next) {
        super(pool, rows, units, PIECES);
        addGates(this, x, r, c);
        add((row, count, room, piece) -> {
            int n = elements(count);
            int squashed = 5 * piece;
            VectorMath.tanh(room, 4 * piece, room, squashed, n);
            FloatLoops.multiply(room, 3 * piece, room, squashed, room, squashed, n);
            scatter(room, 4 * piece, next, 1, 0, row, count);
            scatter(room, squashed, h, 1, 0, row, count);
        });
    }

    /** Adds passes that fill pieces 0 to 3 with the gates i, f, g, o, and 4 with c'. */
    static void addGates(CellWork work, Floats x, Floats r, Floats c) {
        work.add((row, count, room, piece) -> {
            for (int gate = 0; gate < 4; gate++) work.gatherSums(x, r, 4, gate, row, count, room, gate * piece);
            work.gather(c, 1, 0, row, count, room, 4 * piece);
        });
        for (int gate : new int[] {0, 1, 3})
            work.add((row, count, room, piece) ->
                    VectorMath.sigmoid(room, gate * piece, room, gate * piece, work.elements(count)));
        work.add((row, count, room, piece) -> VectorMath.tanh(room, 2 * piece, room, 2 * piece, work.elements(count)));
        work.add((row, count, room, piece) -> remember(room, piece, work.elements(count)));
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
