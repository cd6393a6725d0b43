package org.keras4j.graph;

import java.util.List;
import java.util.StringJoiner;
import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.backend.View;
import org.keras4j.op.Fusion;
import org.keras4j.op.Op;

/** A step of a plan with the places of one frame: its name, its bytes and its operations, for profiles. */
record BoundStep(Plan.Step step, List<View> in, List<View> out) {
    String label() {
        return step.label();
    }

    /** Returns the operation with the shapes of its inputs and outputs. */
    String operation() {
        return name(step) + " " + shapes(in) + " -> " + shapes(out);
    }

    private static String name(Plan.Step step) {
        return switch (step) {
            case Plan.Compute(Op.Fused(Fusion fusion), var _, var _, var _) -> fusion.toString();
            case Plan.Compute(Op.Conv _, var _, var _, var _) -> "Conv";
            case Plan.Compute(Op.ConvInputGradient _, var _, var _, var _) -> "ConvInputGradient";
            case Plan.Compute(Op.ConvKernelGradient _, var _, var _, var _) -> "ConvKernelGradient";
            case Plan.Compute(Op.Pool pool, var _, var _, var _) -> "Pool " + pool.function();
            case Plan.Compute(Op.PoolGradient pool, var _, var _, var _) -> "PoolGradient " + pool.function();
            case Plan.Compute c -> c.op().toString();
            case Plan.Elementwise e ->
                "Elementwise of " + e.expression().nodes().size();
            case Plan.WithEpilogue f -> name(f.compute()) + " and " + name(f.epilogue());
            case Plan.Copy _ -> "Copy";
            case Plan.Loop _ -> "Loop";
            case Plan.Choice _ -> "Switch";
            case Plan.Repeat _ -> "While";
        };
    }

    private static String shapes(List<View> views) {
        var text = new StringJoiner(" ");
        for (View v : views)
            text.add((v.dtype() == DType.FLOAT32 ? "" : v.dtype().toString()) + v.shape());
        return text.toString();
    }

    /** Returns the bytes that are read and written if each value passes through memory once. */
    double bytes() {
        double sum = 0;
        for (View v : in) sum += bytes(v);
        for (View v : out) sum += bytes(v);
        return sum;
    }

    private static double bytes(View v) {
        return (double) v.memory().storage().bytes() * v.size();
    }

    /** Returns the floating-point operations: two for each product that is added, one for each other operation. */
    double flops() {
        return switch (step) {
            case Plan.Compute c -> flops(c.op());
            case Plan.Elementwise e -> flops(e);
            case Plan.WithEpilogue f -> flops(f.compute().op()) + flops(f.epilogue());
            case Plan.Copy _, Plan.Loop _, Plan.Choice _, Plan.Repeat _ -> 0;
        };
    }

    private static double flops(Plan.Elementwise e) {
        return (double) e.expression().shape().size() * e.expression().nodes().size();
    }

    private double flops(Op op) {
        return switch (op) {
            case Op.Dot dot -> 2.0 * out.getFirst().size() * contracted(dot);
            case Op.Conv _ -> conv(out.getFirst().size(), in.get(1).shape());
            case Op.ConvInputGradient _ -> conv(in.get(0).size(), in.get(1).shape());
            case Op.ConvKernelGradient _ ->
                conv(in.get(1).size(), out.getFirst().shape());
            case Op.Fused(Fusion.DotEpilogue fused) -> flops(fused.dot());
            case Op.Fused(Fusion.ConvEpilogue fused) -> flops(fused.conv());
            case Op.Fused(Fusion.Attention _) -> 2 * scores() * (size(0) + size(2));
            case Op.Fused(Fusion.AttentionGradient _) -> 2 * scores() * (3 * size(0) + 2 * size(2));
            case Op.Reduce _, Op.ArgReduce _, Op.Cumulative _ -> in.getFirst().size();
            default -> 0;
        };
    }

    /** Returns the number of an attention's scores, those that are masked too. */
    private double scores() {
        return (double) in.get(0).size() / size(0) * in.get(1).shape().dim(1);
    }

    private int size(int input) {
        return in.get(input).shape().last();
    }

    private int contracted(Op.Dot dot) {
        Shape a = in.getFirst().shape();
        return a.dim(dot.transposeA() ? a.rank() - 2 : a.rank() - 1);
    }

    /** {@code dy} is the number of outputs of the convolution; the kernel's last size is that of the filters. */
    private static double conv(int dy, Shape kernel) {
        return 2.0 * dy * kernel.size() / kernel.last();
    }
}
