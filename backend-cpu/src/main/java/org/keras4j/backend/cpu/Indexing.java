package org.keras4j.backend.cpu;

import static org.keras4j.backend.cpu.DotKernel.floats;

import org.keras4j.backend.Kernel;
import org.keras4j.backend.View;
import org.keras4j.backend.cpu.kernels.FloatLoops;
import org.keras4j.backend.cpu.kernels.RowWork;
import org.keras4j.backend.cpu.kernels.WorkPool;
import org.keras4j.backend.reference.HostMemory;
import org.keras4j.op.Op;

/** Prepares reading and updating rows by index. */
final class Indexing {
    private Indexing() {}

    /** {@code x[outer, n, inner], index[m] -> out[outer, m, inner]}, for every dtype. */
    static Kernel gather(WorkPool pool, Op.Gather op, View x, View indices, View out) {
        int outer = (int) x.shape().size(0, op.axis());
        int n = x.shape().dim(op.axis());
        int inner = (int) x.shape().size(op.axis() + 1, x.shape().rank());
        int m = indices.size();
        Object from = ((HostMemory) x.memory()).array();
        Object to = ((HostMemory) out.memory()).array();
        int[] index = ((HostMemory) indices.memory()).ints();
        int xo = (int) x.offset();
        int io = (int) indices.offset();
        int yo = (int) out.offset();
        var rows = new RowWork(pool, outer * m, inner, row -> {
            int o = row / m;
            System.arraycopy(from, xo + (o * n + index[io + row % m]) * inner, to, yo + row * inner, inner);
        });
        return () -> {
            for (int k = 0; k < m; k++) {
                int row = index[io + k];
                if (row < 0 || row >= n)
                    throw new IndexOutOfBoundsException(
                            "Gather: index " + row + " at position " + k + " is outside the valid range 0 to " + (n - 1)
                                    + " of axis " + op.axis() + " of " + x.shape());
            }
            if (outer > 0 && m > 0) rows.run();
        };
    }

    /** Updates rows of floats in the order of the indices. */
    static Kernel scatter(Op.Scatter op, View x, View indices, View updates, View out) {
        int n = x.shape().dim(0);
        int row = (int) x.shape().size(1, x.shape().rank());
        int m = indices.size();
        float[] from = floats(x);
        float[] update = floats(updates);
        float[] to = floats(out);
        int[] index = ((HostMemory) indices.memory()).ints();
        int xo = (int) x.offset();
        int io = (int) indices.offset();
        int uo = (int) updates.offset();
        int yo = (int) out.offset();
        int size = x.size();
        boolean same = from == to && xo == yo;
        return () -> {
            if (!same) System.arraycopy(from, xo, to, yo, size);
            for (int k = 0; k < m; k++) {
                int at = index[io + k];
                if (at >= 0 && at < n) update(op.update(), to, yo + at * row, update, uo + k * row, row);
            }
        };
    }

    private static void update(Op.Update function, float[] to, int at, float[] from, int f, int n) {
        switch (function) {
            case SET -> System.arraycopy(from, f, to, at, n);
            case ADD -> FloatLoops.add(to, at, from, f, to, at, n);
            case MUL -> FloatLoops.multiply(to, at, from, f, to, at, n);
            case MAX -> FloatLoops.max(to, at, from, f, to, at, n);
            case MIN -> FloatLoops.min(to, at, from, f, to, at, n);
        }
    }
}
