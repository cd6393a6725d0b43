package org.keras4j.backend.device;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.Storage;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.View;
import org.keras4j.op.Activation;

/** Convolutions of floats on GPUs, as matrix products through local memory. */
final class GemmConv {
    private static final int ITEMS = 256;
    private static final int ROWS = 128;
    private static final int COLUMNS = 64;
    private static final int DEPTH = 16;

    private final DeviceContext context;
    private final DirectConv direct;

    GemmConv(DeviceContext context, DirectConv direct) {
        this.context = context;
        this.direct = direct;
    }

    /** Tiles of few channels would be mostly empty. */
    private boolean fits(DType dtype, int groups, int perGroup) {
        return dtype.storage() == Storage.FLOAT
                && (groups == 1 || perGroup >= COLUMNS / 4)
                && context.traits.maxGroup() >= ITEMS;
    }

    @Nullable
    Kernel forward(ConvGeometry g, View x, View kernel, @Nullable View bias, View y, Activation activation) {
        if (!fits(y.dtype(), g.groups(), g.groupFilters())) return null;
        int[] weightSteps = {g.groupChannels() * g.filters(), g.filters(), g.groupFilters(), 1};
        Program program = context.program("conv_gemm", macros(x, y));
        return gather(
                g,
                g.forward(),
                program,
                g.groupChannels(),
                g.groupFilters(),
                weightSteps,
                x,
                kernel,
                bias,
                y,
                activation);
    }

    @Nullable
    Kernel inputGradient(ConvGeometry g, View dy, View kernel, View dx) {
        if (!fits(dx.dtype(), g.groups(), g.groupChannels())) return null;
        int[] weightSteps = {g.groupChannels() * g.filters(), 1, g.groupFilters(), g.filters()};
        Program program = context.program("conv_gemm", macros(dy, dx, "BACKWARD"));
        return gather(
                g,
                g.backward(),
                program,
                g.groupFilters(),
                g.groupChannels(),
                weightSteps,
                dy,
                kernel,
                null,
                dx,
                Activation.LINEAR);
    }

    private static Kernel gather(
            ConvGeometry g,
            ConvWalk walk,
            Program program,
            int inner,
            int columns,
            int[] weightSteps,
            View from,
            View kernel,
            @Nullable View bias,
            View to,
            Activation activation) {
        return program.bind(
                "conv_gemm",
                new Grid(
                        pieces(g.batch() * walk.phaseResults(), ROWS),
                        pieces(columns, COLUMNS),
                        walk.phases() * g.groups(),
                        ITEMS,
                        1,
                        1),
                walk.arguments(
                        Argument.of(from),
                        Argument.of(kernel),
                        Argument.of(bias == null ? kernel : bias),
                        Argument.of(to),
                        Argument.of(g.batch()),
                        Argument.of(from.shape().last()),
                        Argument.of(inner),
                        Argument.of(columns),
                        Argument.of(to.shape().last()),
                        Argument.of(g.groups()),
                        Argument.of(weightSteps[0]),
                        Argument.of(weightSteps[1]),
                        Argument.of(weightSteps[2]),
                        Argument.of(weightSteps[3]),
                        Argument.of(bias == null ? 0 : 1),
                        Argument.of(activation.ordinal())));
    }

    /** The pixels are split into parts, summed apart, where there are too few tiles to keep all units busy. */
    @Nullable
    Kernel kernelGradient(ConvGeometry g, View x, View dy, View dw) {
        int height = g.tapCount() * g.groupChannels();
        int columns = g.groupFilters();
        if (!fits(dw.dtype(), g.groups(), columns) || height < COLUMNS / 8) return null;
        int pixels = g.batch() * g.outputs();
        int tiles = pieces(height, ROWS) * pieces(columns, COLUMNS) * g.groups();
        int wanted = Math.max(1, context.traits.units() * context.tuning.get("conv.groups.per.unit") / tiles);
        int each = Math.max(context.tuning.get("conv.part.pixels"), pieces(pixels, wanted));
        each = pieces(each, DEPTH) * DEPTH;
        int parts = Math.max(1, pieces(pixels, each));
        Argument.Place to =
                parts == 1 ? Argument.of(dw) : new Argument.Place(context.scratch.reserve(4L * parts * dw.size()), 0);
        Kernel sums = context.program("conv_gemm", macros(x, parts == 1 ? dw : null))
                .bind(
                        "conv_gemm_kernel_gradient",
                        new Grid(pieces(height, ROWS), pieces(columns, COLUMNS), parts * g.groups(), ITEMS, 1, 1),
                        g.forward()
                                .arguments(
                                        Argument.of(x),
                                        Argument.of(dy),
                                        to,
                                        Argument.of(pixels),
                                        Argument.of(each),
                                        Argument.of(g.channels()),
                                        Argument.of(g.groupChannels()),
                                        Argument.of(columns),
                                        Argument.of(g.filters()),
                                        Argument.of(g.groups()),
                                        Argument.of(dw.size()),
                                        Argument.of(parts == 1 ? 1 : 0)));
        return parts == 1 ? sums : context.scratch.together(sums, direct.addParts(to, parts, dw));
    }

    private String[] macros(View in, @Nullable View out, String... more) {
        var all = new ArrayList<>(List.of(ElementMacros.of(in.dtype(), in, out, more)));
        all.add("UNROLLED=" + context.tuning.get("conv.unroll"));
        return all.toArray(String[]::new);
    }

    private static int pieces(int count, int size) {
        return (count + size - 1) / size;
    }
}
