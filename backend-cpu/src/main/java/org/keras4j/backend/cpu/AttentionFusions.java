package org.keras4j.backend.cpu;

import java.util.List;
import org.keras4j.Shape;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.View;
import org.keras4j.backend.cpu.kernels.Attention;
import org.keras4j.backend.cpu.kernels.AttentionGradient;
import org.keras4j.backend.cpu.kernels.Floats;
import org.keras4j.backend.cpu.kernels.HeadInputs;
import org.keras4j.backend.cpu.kernels.HeadMask;
import org.keras4j.backend.cpu.kernels.HeadShape;
import org.keras4j.backend.cpu.kernels.WorkPool;
import org.keras4j.backend.reference.HostMemory;
import org.keras4j.op.Fusion;
import org.keras4j.op.Spec;

/** Prepares the attention of heads on float32 tensors. */
final class AttentionFusions {
    private AttentionFusions() {}

    /** Says whether the kernels take heads of these shapes. */
    static boolean support(List<Spec> in) {
        HeadShape shape = shape(in.get(0).shape(), in.get(1).shape(), in.get(2).shape());
        return Math.max(shape.size(), shape.valueSize()) <= HeadShape.LONGEST
                && in.get(0).shape().size() > 0
                && in.get(2).shape().size() > 0;
    }

    static Kernel forward(WorkPool pool, Fusion.Attention fusion, List<View> in, List<View> out) {
        var work = new Attention(pool, inputs(fusion, in), floats(out.get(0)), floats(out.get(1)));
        return work::run;
    }

    static Kernel gradient(WorkPool pool, Fusion.Attention fusion, List<View> in, List<View> out) {
        int logarithms = in.size() - 3;
        var work = new AttentionGradient(
                pool,
                inputs(fusion, in),
                floats(in.get(logarithms)),
                floats(in.get(logarithms + 1)),
                floats(in.get(logarithms + 2)),
                floats(out.get(0)),
                floats(out.get(1)),
                floats(out.get(2)));
        return work::run;
    }

    private static HeadInputs inputs(Fusion.Attention fusion, List<View> in) {
        return new HeadInputs(
                shape(in.get(0).shape(), in.get(1).shape(), in.get(2).shape()),
                (float) fusion.scale(),
                fusion.causal(),
                fusion.zeroEmpty(),
                fusion.mask() ? mask(in.get(3)) : null,
                floats(in.get(0)),
                floats(in.get(1)),
                floats(in.get(2)));
    }

    private static HeadShape shape(Shape q, Shape k, Shape v) {
        return new HeadShape(q.dim(0), q.dim(1), k.dim(1), q.dim(2), k.dim(2), q.last(), v.last());
    }

    private static HeadMask mask(View view) {
        int[] steps = Fusion.Attention.maskSteps(view.shape());
        int[] array = ((HostMemory) view.memory()).ints();
        return new HeadMask(array, (int) view.offset(), steps[0], steps[1], steps[2], steps[3]);
    }

    private static Floats floats(View view) {
        return new Floats(DotKernel.floats(view), (int) view.offset());
    }
}
