package org.keras4j.backend.cpu.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Computes the gradient of {@link GruStep} for x, r and h; the gates are computed again. */
public final class GruStepGradient extends CellWork {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();
    private static final int PIECES = 7;

    /** Prepares the gradient of a step on {@code x[rows][3 * units], r[rows][3 * units], h[rows][units]}. */
    public GruStepGradient(
            WorkPool pool,
            int rows,
            int units,
            Floats x,
            Floats r,
            Floats h,
            Floats dy,
            Floats dx,
            Floats dr,
            Floats dh) {
        super(pool, rows, units, PIECES);
        GruStep.addGates(this, x, r);
        add((row, count, room, piece) -> {
            gather(h, 1, 0, row, count, room, 4 * piece);
            gather(dy, 1, 0, row, count, room, 5 * piece);
            differentiate(room, piece, elements(count));
        });
        add((row, count, room, piece) -> {
            scatter(room, 0, dx, 3, 0, row, count);
            scatter(room, piece, dx, 3, 1, row, count);
            scatter(room, 0, dr, 3, 0, row, count);
            scatter(room, piece, dr, 3, 1, row, count);
            scatter(room, 3 * piece, dx, 3, 2, row, count);
            scatter(room, 2 * piece, dr, 3, 2, row, count);
            scatter(room, 6 * piece, dh, 1, 0, row, count);
        });
    }

    private static FloatVector at(float[] room, int i) {
        return FloatVector.fromArray(S, room, i);
    }

    /** Replaces z, the reset gate, what it acts on and the candidate's argument by their gradients; writes dh. */
    private static void differentiate(float[] room, int piece, int n) {
        FloatVector one = FloatVector.broadcast(S, 1);
        for (int i = 0; i < n; i += L) {
            FloatVector z = at(room, i);
            FloatVector reset = at(room, piece + i);
            FloatVector c = at(room, 3 * piece + i);
            FloatVector d = at(room, 5 * piece + i);
            FloatVector dc = d.mul(one.sub(z)).mul(one.sub(c.mul(c)));
            d.mul(at(room, 4 * piece + i).sub(c)).mul(z.mul(one.sub(z))).intoArray(room, i);
            dc.mul(at(room, 2 * piece + i)).mul(reset.mul(one.sub(reset))).intoArray(room, piece + i);
            dc.mul(reset).intoArray(room, 2 * piece + i);
            dc.intoArray(room, 3 * piece + i);
            d.mul(z).intoArray(room, 6 * piece + i);
        }
    }
}
