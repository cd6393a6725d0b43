package org.keras4j.backend.cpu;

import static org.keras4j.backend.cpu.DotKernel.floats;

import org.keras4j.backend.Kernel;
import org.keras4j.backend.View;
import org.keras4j.backend.cpu.kernels.Reduction;
import org.keras4j.backend.cpu.kernels.RowWork;
import org.keras4j.backend.cpu.kernels.WorkPool;
import org.keras4j.backend.reference.HostMemory;
import org.keras4j.op.Op;

/** Prepares reductions of float32 tensors that are not empty. */
final class Reductions {
    private Reductions() {}

    static Kernel reduce(WorkPool pool, Op.Reduce op, View x, View out) {
        var reduced = new boolean[x.shape().rank()];
        for (int axis : op.axes().toArray()) reduced[axis] = true;
        var function = switch (op.function()) {
            case SUM -> Reduction.Function.SUM;
            case PROD -> Reduction.Function.PROD;
            case MAX -> Reduction.Function.MAX;
            case MIN -> Reduction.Function.MIN;
        };
        var reduction = new Reduction(pool, function, x.shape().dims(), reduced);
        float[] from = floats(x);
        float[] to = floats(out);
        int xo = (int) x.offset();
        int yo = (int) out.offset();
        return () -> reduction.run(from, xo, to, yo);
    }

    /** The first greatest or least element of each line, the first NaN if there is one. */
    static Kernel argReduce(WorkPool pool, Op.ArgReduce op, View x, View out) {
        int n = x.shape().dim(op.axis());
        int inner = (int) x.shape().size(op.axis() + 1, x.shape().rank());
        float[] from = floats(x);
        int[] to = ((HostMemory) out.memory()).ints();
        int xo = (int) x.offset();
        int yo = (int) out.offset();
        float sign = op.max() ? 1 : -1;
        var lines = new RowWork(pool, out.size(), n, line -> {
            int at = xo + line / inner * n * inner + line % inner;
            int best = 0;
            float greatest = sign * from[at];
            for (int i = 1; i < n && greatest == greatest; i++) {
                float value = sign * from[at + i * inner];
                if (value <= greatest) continue;
                best = i;
                greatest = value;
            }
            to[yo + line] = best;
        });
        return lines::run;
    }
}
