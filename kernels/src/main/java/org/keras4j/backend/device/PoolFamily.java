package org.keras4j.backend.device;

import java.util.ArrayList;
import java.util.List;
import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.View;
import org.keras4j.op.Ints;
import org.keras4j.op.Op;
import org.keras4j.op.Window;

/** Pooling and its gradients. */
final class PoolFamily {
    private static final int GROUP = 64;

    private final DeviceContext context;

    PoolFamily(DeviceContext context) {
        this.context = context;
    }

    Kernel pool(Op.Pool op, View x, View out) {
        if (isForHost(op.function(), out.dtype()))
            return context.host.prepare(List.of(x), List.of(out), (b, i, o) -> b.pool(op, i.getFirst(), o.getFirst()));
        if (out.size() == 0) return () -> {};
        if (op.function() == Op.Reduction.MAX && context.traits.cpu()) return maxRows(op, x, out);
        if (op.function() == Op.Reduction.MAX)
            return max(op.window(), op.size(), x, out.shape(), Argument.of(out), Argument.of(out), false);
        return program(out)
                .bind(
                        "pool_sum",
                        Grid.covering(out.size(), GROUP),
                        axes(
                                op.window(),
                                op.size(),
                                x.shape(),
                                out.shape(),
                                Argument.of(x),
                                Argument.of(out),
                                Argument.of(out.size()),
                                Argument.of(out.shape().last())));
    }

    private Kernel maxRows(Op.Pool op, View x, View out) {
        int row = ConvGeometry.sizes(out.shape(), 1, op.window().rank())[2]
                * out.shape().last();
        return program(out)
                .bind(
                        "pool_max_rows",
                        Grid.of(out.size() / row, 1),
                        axes(
                                op.window(),
                                op.size(),
                                x.shape(),
                                out.shape(),
                                Argument.of(x),
                                Argument.of(out),
                                Argument.of(out.shape().last())));
    }

    private Kernel maxGradientImages(Op.PoolGradient op, View x, View dy, View out) {
        return program(out)
                .bind(
                        "pool_max_gradient_images",
                        Grid.of(out.shape().dim(0), 1),
                        axes(
                                op.window(),
                                op.size(),
                                out.shape(),
                                dy.shape(),
                                Argument.of(x),
                                Argument.of(dy),
                                Argument.of(out),
                                Argument.of(out.shape().last())));
    }

    private Kernel max(
            Window window, Ints size, View x, Shape y, Argument.Place values, Argument.Place places, boolean placed) {
        return program(x)
                .bind(
                        "pool_max",
                        Grid.covering(y.size(), GROUP),
                        axes(
                                window,
                                size,
                                x.shape(),
                                y,
                                Argument.of(x),
                                values,
                                places,
                                Argument.of(y.size()),
                                Argument.of(y.last()),
                                Argument.of(placed ? 1 : 0)));
    }

    /** For MAX, a first kernel notes the place of each window's greatest element, which the second one looks up. */
    Kernel gradient(Op.PoolGradient op, List<View> in, View out) {
        if (isForHost(op.function(), out.dtype()) || !out.dtype().isFloating())
            return context.host.prepare(in, List.of(out), (b, i, o) -> b.poolGradient(op, i, o.getFirst()));
        if (out.size() == 0) return () -> {};
        View dy = in.getLast();
        if (op.function() == Op.Reduction.SUM || dy.size() == 0) return gather(op, Argument.of(dy), dy, out, false);
        if (context.traits.cpu() && out.shape().dim(0) >= context.traits.units())
            return maxGradientImages(op, in.getFirst(), dy, out);
        var places = new Argument.Place(context.scratch.reserve(4L * dy.size()), 0);
        Argument.Place unused = Argument.of(out);
        return context.scratch.together(
                max(op.window(), op.size(), in.getFirst(), dy.shape(), unused, places, true),
                gather(op, places, dy, out, true));
    }

    private Kernel gather(Op.PoolGradient op, Argument.Place places, View dy, View out, boolean placed) {
        return program(out)
                .bind(
                        "pool_gradient",
                        Grid.covering(out.size(), GROUP),
                        axes(
                                op.window(),
                                op.size(),
                                out.shape(),
                                dy.shape(),
                                places,
                                Argument.of(dy),
                                Argument.of(out),
                                Argument.of(out.size()),
                                Argument.of(out.shape().last()),
                                Argument.of(placed ? 1 : 0)));
    }

    /** The host's kernels refuse other functions, and compute in float64 where the device does not. */
    private boolean isForHost(Op.Reduction function, DType dtype) {
        return (function != Op.Reduction.MAX && function != Op.Reduction.SUM)
                || !ElementMacros.known(context.traits, dtype);
    }

    /** Says whether the kernels read and write 16 bits; those of CPUs add up where their results will be. */
    boolean takesHalves() {
        return !context.traits.cpu();
    }

    private Program program(View x) {
        return context.program("pool", ElementMacros.of(x.dtype(), x, x));
    }

    /** Returns {@code first} and the parameters AXIS of the three axes. */
    private static Argument[] axes(Window window, Ints size, Shape x, Shape y, Argument... first) {
        var all = new ArrayList<Argument>(List.of(first));
        int rank = window.rank();
        int[][] parts = {
            ConvGeometry.sizes(y, 1, rank),
            ConvGeometry.sizes(x, 1, rank),
            ConvGeometry.spread(size, 1),
            ConvGeometry.spread(window.strides(), 1),
            ConvGeometry.spread(window.dilations(), 1),
            ConvGeometry.spread(window.low(), 0)
        };
        for (int a = 0; a < 3; a++) for (int[] part : parts) all.add(Argument.of(part[a]));
        return all.toArray(Argument[]::new);
    }
}
