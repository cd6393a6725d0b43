package org.keras4j.backend.device;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.Storage;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.View;
import org.keras4j.op.Op;

/** Reductions, arg-reductions and running totals. */
final class ReduceFamily {
    private final DeviceContext context;

    ReduceFamily(DeviceContext context) {
        this.context = context;
    }

    Kernel reduce(Op.Reduce op, View x, View out) {
        if (out.size() == 0) return () -> {};
        if (x.size() == 0 || !ElementMacros.known(context.traits, x.dtype()))
            return context.host.prepare(
                    List.of(x), List.of(out), (b, i, o) -> b.reduce(op, i.getFirst(), o.getFirst()));
        var reduced = new boolean[x.shape().rank()];
        for (int axis : op.axes().toArray()) reduced[x.shape().axis(axis)] = true;
        List<ReductionPass> passes = passes(ReductionAxes.steps(x.shape(), reduced));
        int last = passes.size() - 1;
        long room = 0;
        for (ReductionPass pass : passes.subList(0, last)) room += pass.results();
        Argument.Place target = Argument.of(out);
        Buffer parts = last == 0
                ? target.buffer()
                : context.scratch.reserve(room * x.dtype().storage().bytes());
        var kernels = new Kernel[passes.size()];
        Argument from = Argument.of(x);
        long at = 0;
        for (int i = 0; i <= last; i++) {
            ReductionPass pass = passes.get(i);
            Argument to = i == last ? target : new Argument.Place(parts, at);
            Program program = context.program(
                    "reduce", macros(op.function(), x.dtype(), i == 0 ? x : null, i < last ? null : out));
            kernels[i] = pass.reduce(program, from, to);
            from = to;
            at += pass.results();
        }
        return context.scratch.together(kernels);
    }

    private List<ReductionPass> passes(List<ReductionAxes> steps) {
        var passes = new ArrayList<ReductionPass>();
        for (ReductionAxes step : steps) {
            ReductionPass pass = ReductionPass.split(context, step);
            passes.add(pass);
            if (pass.splits() > 1)
                passes.add(ReductionPass.whole(context, new ReductionAxes(step.outer(), pass.splits(), step.inner())));
        }
        return passes;
    }

    Kernel argReduce(Op.ArgReduce op, View x, View out) {
        if (out.size() == 0) return () -> {};
        if (x.size() == 0 || !ElementMacros.known(context.traits, x.dtype()))
            return context.host.prepare(
                    List.of(x), List.of(out), (b, i, o) -> b.argReduce(op, i.getFirst(), o.getFirst()));
        String[] macros = ElementMacros.of(x.dtype(), x, null, op.max() ? "REDUCE_MAX" : "REDUCE_MIN", "ARG");
        var pass = ReductionPass.whole(context, ReductionAxes.along(x.shape(), op.axis()));
        return pass.reduce(context.program("reduce", macros), Argument.of(x), Argument.of(out));
    }

    Kernel cumulative(Op.Cumulative op, View x, View out) {
        if (!ElementMacros.known(context.traits, x.dtype()))
            return context.host.prepare(
                    List.of(x), List.of(out), (b, i, o) -> b.cumulative(op, i.getFirst(), o.getFirst()));
        if (x.size() == 0) return () -> {};
        var pass = ReductionPass.running(context, ReductionAxes.along(x.shape(), op.axis()));
        Program program = context.program("reduce", macros(op.function(), x.dtype(), x, out));
        return pass.cumulative(program, Argument.of(x), Argument.of(out), op);
    }

    /** {@code from} and {@code to} are null where a pass reads or writes parts, which are not rounded. */
    private String[] macros(Op.Reduction function, DType dtype, @Nullable View from, @Nullable View to) {
        var more = new ArrayList<String>();
        more.add("REDUCE_" + function);
        more.add("IDENTITY=" + identity(function, dtype));
        if (!dtype.isFloating()) more.add(dtype.storage() == Storage.INT ? "UT=uint" : "UT=ulong");
        // conversions to double go along with the loads on CPUs; GPUs may have few units for doubles
        if (function == Op.Reduction.SUM
                && dtype.storage() == Storage.FLOAT
                && context.traits.cpu()
                && context.traits.doubles()) more.add("WIDE");
        if (to == null) more.add("PART");
        return ElementMacros.of(dtype, from, to, more.toArray(String[]::new));
    }

    private static String identity(Op.Reduction function, DType dtype) {
        double value = switch (function) {
            case SUM -> 0;
            case PROD -> 1;
            case MAX -> Double.NEGATIVE_INFINITY;
            case MIN -> Double.POSITIVE_INFINITY;
        };
        if (dtype.isFloating() || Double.isFinite(value)) return ElementTypes.literal(dtype, value);
        boolean signed = dtype.isInteger() && !dtype.isUnsigned();
        long least = signed ? -1L << (dtype.bits() - 1) : 0;
        long greatest = signed ? ~least : dtype.bits() == 64 ? -1 : (1L << dtype.bits()) - 1;
        return ElementTypes.literal(dtype, function == Op.Reduction.MAX ? least : greatest);
    }
}
