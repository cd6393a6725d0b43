package org.keras4j.backend.device;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.View;
import org.keras4j.op.Activation;

/** Convolutions with a work-item per element of the result: any element type, any geometry. */
final class DirectConv {
    private static final int GROUP = 64;

    private final DeviceContext context;

    DirectConv(DeviceContext context) {
        this.context = context;
    }

    Kernel forward(ConvGeometry g, View x, View kernel, @Nullable View bias, View y, Activation activation) {
        int[] weightSteps = {g.groupChannels() * g.filters(), g.filters(), g.groupFilters(), 1};
        return gather(g.forward(), g.groupChannels(), g.groupFilters(), weightSteps, x, kernel, bias, y, activation);
    }

    Kernel inputGradient(ConvGeometry g, View dy, View kernel, View dx) {
        int[] weightSteps = {g.groupChannels() * g.filters(), 1, g.groupFilters(), g.filters()};
        return gather(
                g.backward(),
                g.groupFilters(),
                g.groupChannels(),
                weightSteps,
                dy,
                kernel,
                null,
                dx,
                Activation.LINEAR);
    }

    private Kernel gather(
            ConvWalk walk,
            int inner,
            int perGroup,
            int[] weightSteps,
            View from,
            View kernel,
            @Nullable View bias,
            View to,
            Activation activation) {
        return program(from, to)
                .bind(
                        "conv_direct",
                        Grid.covering(to.size(), GROUP),
                        walk.arguments(
                                Argument.of(from),
                                Argument.of(kernel),
                                Argument.of(bias == null ? kernel : bias),
                                Argument.of(to),
                                Argument.of(to.size()),
                                Argument.of(to.shape().last()),
                                Argument.of(inner),
                                Argument.of(perGroup),
                                Argument.of(weightSteps[0]),
                                Argument.of(weightSteps[1]),
                                Argument.of(weightSteps[2]),
                                Argument.of(weightSteps[3]),
                                Argument.of(bias == null ? 0 : 1),
                                Argument.of(activation.ordinal())));
    }

    Kernel kernelGradient(ConvGeometry g, View x, View dy, View dw) {
        int size = dw.size();
        int rows = g.batch() * g.out()[0] * g.out()[1];
        int wanted = Math.max(1, context.traits.units() * context.tuning.get("conv.items.per.unit") / size);
        int each = Math.max(1, (rows + wanted - 1) / wanted);
        int parts = Math.max(1, (rows + each - 1) / each);
        Program program = program(x, parts > 1 ? null : dw);
        Argument.Place to = Argument.of(dw);
        if (parts > 1) {
            long bytes = (long) parts * size * dw.dtype().storage().bytes();
            to = new Argument.Place(context.scratch.reserve(bytes), 0);
        }
        int groups = (size + GROUP - 1) / GROUP;
        Kernel sums = program.bind(
                "conv_kernel_gradient",
                new Grid(groups, parts, 1, GROUP, 1, 1),
                g.forward()
                        .arguments(
                                Argument.of(x),
                                Argument.of(dy),
                                to,
                                Argument.of(size),
                                Argument.of(rows),
                                Argument.of(each),
                                Argument.of(g.groupChannels()),
                                Argument.of(g.filters()),
                                Argument.of(g.groupFilters())));
        return parts == 1 ? sums : context.scratch.together(sums, addParts(to, parts, dw));
    }

    /** Prepares the sum of {@code count} parts that follow each other from {@code parts} on. */
    Kernel addParts(Argument.Place parts, int count, View out) {
        return program(null, out)
                .bind(
                        "conv_add_parts",
                        Grid.covering(out.size(), GROUP),
                        parts,
                        Argument.of(out),
                        Argument.of(out.size()),
                        Argument.of(count));
    }

    /** Parts of sums, which are floats, are null. */
    private Program program(@Nullable View in, @Nullable View out) {
        View tensor = in == null ? Objects.requireNonNull(out) : in;
        return context.program("conv", ElementMacros.of(tensor.dtype(), in, out));
    }
}
