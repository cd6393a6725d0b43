package org.keras4j.backend.cpu;

import static org.keras4j.backend.cpu.DotKernel.floats;

import java.util.List;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.View;
import org.keras4j.backend.cpu.kernels.RowKernels;
import org.keras4j.backend.cpu.kernels.RowWork;
import org.keras4j.backend.cpu.kernels.WorkPool;

/** Prepares the fused operations on the last axis of float32 tensors. */
final class RowFusions {
    private RowFusions() {}

    static Kernel softmax(WorkPool pool, View x, View out, boolean logarithm) {
        int n = x.shape().last();
        float[] from = floats(x);
        float[] to = floats(out);
        int xo = (int) x.offset();
        int yo = (int) out.offset();
        // An exponential costs as much as about eight additions.
        return rows(
                pool,
                x,
                8,
                logarithm
                        ? row -> RowKernels.logSoftmax(from, xo + row * n, to, yo + row * n, n)
                        : row -> RowKernels.softmax(from, xo + row * n, to, yo + row * n, n));
    }

    static Kernel softmaxGradient(WorkPool pool, List<View> in, View out) {
        int n = out.shape().last();
        float[] y = floats(in.get(0));
        float[] dy = floats(in.get(1));
        float[] dx = floats(out);
        int yo = (int) in.get(0).offset();
        int go = (int) in.get(1).offset();
        int xo = (int) out.offset();
        return rows(
                pool,
                out,
                2,
                row -> RowKernels.softmaxGradient(y, yo + row * n, dy, go + row * n, dx, xo + row * n, n));
    }

    static Kernel layerNorm(WorkPool pool, double epsilon, List<View> in, View out) {
        int n = out.shape().last();
        float[] x = floats(in.get(0));
        float[] gamma = floats(in.get(1));
        float[] beta = floats(in.get(2));
        float[] y = floats(out);
        int xo = (int) in.get(0).offset();
        int go = (int) in.get(1).offset();
        int bo = (int) in.get(2).offset();
        int yo = (int) out.offset();
        return rows(
                pool,
                out,
                3,
                row -> RowKernels.layerNorm(x, xo + row * n, gamma, go, beta, bo, y, yo + row * n, n, epsilon));
    }

    private static Kernel rows(WorkPool pool, View view, int cost, RowWork.Row kernel) {
        int n = view.shape().last();
        if (view.size() == 0) return () -> {};
        var work = new RowWork(pool, view.size() / n, n * cost, kernel);
        return work::run;
    }
}
