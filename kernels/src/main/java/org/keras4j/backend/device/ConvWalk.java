package org.keras4j.backend.device;

import java.util.ArrayList;
import java.util.List;

/**
 * How results along three axes find their sources: a result at o takes, under tap t, the source at {@code (o / div) *
 * advance + (o % div + t * step + start) / div}, if the last division leaves no rest and the source is inside. These
 * are the parameters AXIS of the kernels.
 *
 * @param out sizes of the results
 * @param in sizes of the sources
 */
record ConvWalk(int[] out, int[] in, int[] taps, int[] step, int[] start, int[] div, int[] advance) {
    /** Returns the 21 arguments of the three axes, after {@code first}. */
    Argument[] arguments(Argument... first) {
        var all = new ArrayList<Argument>(List.of(first));
        for (int a = 0; a < 3; a++)
            for (int[] part : new int[][] {out, in, taps, step, start, div, advance}) all.add(Argument.of(part[a]));
        return all.toArray(Argument[]::new);
    }

    /** Returns in how many phases the results fall: those of one phase have sources under the same taps. */
    int phases() {
        return div[0] * div[1] * div[2];
    }

    /** Returns the number of results, for one element of the batch, of the largest phase. */
    int phaseResults() {
        int results = 1;
        for (int a = 0; a < 3; a++) results *= (out[a] + div[a] - 1) / div[a];
        return results;
    }
}
