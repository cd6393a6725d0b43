package org.keras4j.backend.cpu;

import static org.keras4j.backend.cpu.DotKernel.floats;

import java.util.List;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.View;
import org.keras4j.backend.cpu.kernels.CrossentropyRows;
import org.keras4j.backend.cpu.kernels.RowWork;
import org.keras4j.backend.cpu.kernels.WorkPool;
import org.keras4j.backend.reference.HostMemory;

/** Prepares cross-entropy with class numbers as labels, on float32 rows. */
final class CrossentropyFusions {
    /** An exponential costs as much as about eight additions. */
    private static final int COST = 8;

    private CrossentropyFusions() {}

    static Kernel loss(WorkPool pool, boolean fromLogits, double epsilon, List<View> in, View out) {
        int n = in.get(0).shape().last();
        float[] p = floats(in.get(0));
        int[] label = ((HostMemory) in.get(1).memory()).ints();
        float[] y = floats(out);
        int po = (int) in.get(0).offset();
        int lo = (int) in.get(1).offset();
        int yo = (int) out.offset();
        float least = (float) epsilon;
        float most = (float) (1 - epsilon);
        RowWork.Row row = fromLogits
                ? i -> y[yo + i] = CrossentropyRows.ofLogits(p, po + i * n, label[lo + i], n)
                : i -> y[yo + i] = CrossentropyRows.ofShares(p, po + i * n, label[lo + i], least, most, n);
        return new RowWork(pool, out.size(), n * COST, row)::run;
    }

    static Kernel gradient(WorkPool pool, boolean fromLogits, double epsilon, List<View> in, View out) {
        int n = out.shape().last();
        float[] p = floats(in.get(0));
        int[] label = ((HostMemory) in.get(1).memory()).ints();
        float[] dy = floats(in.get(2));
        float[] dp = floats(out);
        int po = (int) in.get(0).offset();
        int lo = (int) in.get(1).offset();
        int yo = (int) in.get(2).offset();
        int to = (int) out.offset();
        float least = (float) epsilon;
        float most = (float) (1 - epsilon);
        RowWork.Row row = fromLogits
                ? i -> CrossentropyRows.gradientOfLogits(p, po + i * n, label[lo + i], dy[yo + i], dp, to + i * n, n)
                : i -> CrossentropyRows.gradientOfShares(
                        p, po + i * n, label[lo + i], least, most, dy[yo + i], dp, to + i * n, n);
        return new RowWork(pool, out.shape().dim(0), n * COST, row)::run;
    }
}
