package org.keras4j.backend.cpu;

import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.View;
import org.keras4j.backend.cpu.kernels.Epilogue;
import org.keras4j.backend.cpu.kernels.Gemm;
import org.keras4j.backend.cpu.kernels.RightPanels;
import org.keras4j.backend.cpu.kernels.WorkPool;
import org.keras4j.backend.reference.HostMemory;
import org.keras4j.op.Op;

/** Prepares {@code epilogue(a . b + bias)} of float32 matrices or batches of them. */
final class DotKernel {
    private static final float[] NO_BIAS = new float[0];

    private DotKernel() {}

    static Kernel of(
            WorkPool pool,
            PackedWeights weights,
            Op.Dot op,
            View a,
            View b,
            @Nullable View bias,
            View out,
            Epilogue epilogue) {
        Shape shape = out.shape();
        int m = shape.dim(-2);
        int n = shape.last();
        int k = a.shape().dim(op.transposeA() ? -2 : -1);
        Gemm gemm = new Gemm(pool, m, n, k, op.transposeA(), op.transposeB()).epilogue(epilogue);
        if (shape.rank() == 3 && shape.dim(0) != 1) {
            if (shape.dim(0) == 0) return () -> {};
            gemm.batches(shape.dim(0), m * k, k * n, m * n);
        }
        float[] left = floats(a);
        float[] right = floats(b);
        float[] to = floats(out);
        float[] row = bias == null ? NO_BIAS : floats(bias);
        int ao = (int) a.offset();
        int bo = (int) b.offset();
        int co = (int) out.offset();
        int io = bias == null ? 0 : (int) bias.offset();
        PackedWeights.@Nullable Packed packed = !gemm.gainsFromPanels() || shape.rank() == 3
                ? null
                : weights.of(
                        b,
                        "dot " + op.transposeB() + k + "x" + n,
                        RightPanels.size(k, n),
                        panels ->
                                RightPanels.pack(k, n, right, bo, op.transposeB() ? k : n, op.transposeB(), panels, 0));
        if (packed == null) return () -> gemm.run(left, ao, right, bo, row, io, to, co);
        return () -> {
            float[] panels = packed.acquire(b.memory().version());
            if (panels == null) {
                gemm.run(left, ao, right, bo, row, io, to, co);
                return;
            }
            gemm.runPacked(left, ao, panels, 0, row, io, to, co);
            packed.release(panels);
        };
    }

    static float[] floats(View view) {
        return ((HostMemory) view.memory()).floats();
    }
}
