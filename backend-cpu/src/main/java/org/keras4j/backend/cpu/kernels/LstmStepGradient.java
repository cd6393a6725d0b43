package org.keras4j.backend.cpu.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Computes the gradient of {@link LstmStep} for the gates' arguments and for c; the gates are computed again. */
public final class LstmStepGradient extends CellWork {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();
    private static final int PIECES = 9;

    /** Prepares the gradient of a step on {@code x[rows][4 * units], r[rows][4 * units], c[rows][units]}. */
    public LstmStepGradient(
            WorkPool pool,
            int rows,
            int units,
            Floats x,
            Floats r,
            Floats c,
            Floats dh,
            Floats dNext,
            Floats dz,
            Floats dc) {
        super(pool, rows, units, PIECES);
        LstmStep.addGates(this, x, r, c);
        add((row, count, room, piece) -> VectorMath.tanh(room, 4 * piece, room, 4 * piece, elements(count)));
        add((row, count, room, piece) -> {
            gather(c, 1, 0, row, count, room, 5 * piece);
            gather(dh, 1, 0, row, count, room, 6 * piece);
            gather(dNext, 1, 0, row, count, room, 7 * piece);
            memory(room, piece, elements(count));
            arguments(room, piece, elements(count));
        });
        add((row, count, room, piece) -> {
            for (int gate = 0; gate < 4; gate++) scatter(room, gate * piece, dz, 4, gate, row, count);
            scatter(room, 8 * piece, dc, 1, 0, row, count);
        });
    }

    private static FloatVector at(float[] room, int i) {
        return FloatVector.fromArray(S, room, i);
    }

    /** Replaces dh by the gradient of the output gate's argument, and dc' by all that arrives at c'; writes dc. */
    private static void memory(float[] room, int piece, int n) {
        FloatVector one = FloatVector.broadcast(S, 1);
        for (int i = 0; i < n; i += L) {
            FloatVector o = at(room, 3 * piece + i);
            FloatVector squashed = at(room, 4 * piece + i);
            FloatVector d = at(room, 6 * piece + i);
            FloatVector arrived = d.mul(o).mul(one.sub(squashed.mul(squashed))).add(at(room, 7 * piece + i));
            d.mul(squashed).mul(o.mul(one.sub(o))).intoArray(room, 3 * piece + i);
            arrived.intoArray(room, 7 * piece + i);
            arrived.mul(at(room, piece + i)).intoArray(room, 8 * piece + i);
        }
    }

    /** Replaces the gates i, f and g by the gradients of their arguments. */
    private static void arguments(float[] room, int piece, int n) {
        FloatVector one = FloatVector.broadcast(S, 1);
        for (int j = 0; j < n; j += L) {
            FloatVector i = at(room, j);
            FloatVector f = at(room, piece + j);
            FloatVector g = at(room, 2 * piece + j);
            FloatVector d = at(room, 7 * piece + j);
            d.mul(g).mul(i.mul(one.sub(i))).intoArray(room, j);
            d.mul(at(room, 5 * piece + j)).mul(f.mul(one.sub(f))).intoArray(room, piece + j);
            d.mul(i).mul(one.sub(g.mul(g))).intoArray(room, 2 * piece + j);
        }
    }
}
