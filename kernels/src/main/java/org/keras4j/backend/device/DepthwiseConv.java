package org.keras4j.backend.device;

import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.View;
import org.keras4j.op.Activation;

/** Convolutions of each channel by itself, in float32 on CPUs: sixteen channels at a time. */
final class DepthwiseConv {
    private static final int LANES = 16;

    private final DeviceContext context;
    private final DirectConv direct;

    DepthwiseConv(DeviceContext context, DirectConv direct) {
        this.context = context;
        this.direct = direct;
    }

    /** Says whether there are kernels for results of this type: one filter per channel, and enough channels. */
    static boolean fits(ConvGeometry g, DType dtype) {
        return dtype == DType.FLOAT32
                && g.groups() == g.channels()
                && g.filters() == g.channels()
                && g.channels() >= LANES;
    }

    Kernel forward(ConvGeometry g, View x, View kernel, @Nullable View bias, View y, Activation activation) {
        return gather(g, g.forward(), x, kernel, bias, y, activation);
    }

    Kernel inputGradient(ConvGeometry g, View dy, View kernel, View dx) {
        return gather(g, g.backward(), dy, kernel, null, dx, Activation.LINEAR);
    }

    private Kernel gather(
            ConvGeometry g,
            ConvWalk walk,
            View from,
            View kernel,
            @Nullable View bias,
            View to,
            Activation activation) {
        int rows = g.batch() * walk.out()[0] * walk.out()[1];
        int each = each(rows, context.traits.units() * context.tuning.get("conv.items.per.unit"));
        return context.program("depthwise")
                .bind(
                        "depthwise",
                        Grid.of((rows + each - 1) / each, 1),
                        walk.arguments(
                                Argument.of(from),
                                Argument.of(kernel),
                                Argument.of(bias == null ? kernel : bias),
                                Argument.of(to),
                                Argument.of(rows),
                                Argument.of(each),
                                Argument.of(g.channels()),
                                Argument.of(bias == null ? 0 : 1),
                                Argument.of(activation.ordinal())));
    }

    /** Returns how many rows each of {@code wanted} items gets, one at least. */
    private static int each(int rows, int wanted) {
        return Math.max(1, (rows + Math.max(1, wanted) - 1) / Math.max(1, wanted));
    }

    Kernel kernelGradient(ConvGeometry g, View x, View dy, View dw) {
        int rows = g.batch() * g.out()[0] * g.out()[1];
        int each = each(rows, context.traits.units() * context.tuning.get("conv.items.per.unit") / g.tapCount());
        int parts = Math.max(1, (rows + each - 1) / each);
        Argument.Place to =
                parts == 1 ? Argument.of(dw) : new Argument.Place(context.scratch.reserve(4L * parts * dw.size()), 0);
        Kernel sums = context.program("depthwise")
                .bind(
                        "depthwise_kernel_gradient",
                        new Grid(g.tapCount(), parts, 1, 1, 1, 1),
                        g.forward()
                                .arguments(
                                        Argument.of(x),
                                        Argument.of(dy),
                                        to,
                                        Argument.of(rows),
                                        Argument.of(each),
                                        Argument.of(g.channels())));
        return parts == 1 ? sums : context.scratch.together(sums, direct.addParts(to, parts, dw));
    }
}
