package org.keras4j.backend.device;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.View;
import org.keras4j.op.Activation;

/** Convolutions in float32 on CPUs, by tiles in registers. */
final class TileConv {
    private static final int LANES = 16;
    private static final int GROUP = 64;

    private final DeviceContext context;
    private final DirectConv direct;
    private final StripProducts products;

    TileConv(DeviceContext context, DirectConv direct) {
        this.context = context;
        this.direct = direct;
        this.products = new StripProducts(context);
    }

    /** Says whether there are tiles for results of {@code perGroup} channels in {@code groups} groups. */
    private static boolean fits(DType dtype, int groups, int perGroup) {
        return dtype == DType.FLOAT32 && (groups == 1 || perGroup >= LANES);
    }

    @Nullable
    Kernel forward(ConvGeometry g, View x, View kernel, @Nullable View bias, View y, Activation activation) {
        int columns = g.groupFilters();
        if (!fits(y.dtype(), g.groups(), columns)) return null;
        if (columns >= LANES) {
            Argument.Place weights = Argument.of(kernel);
            return tiles(g, g.forward(), g.groupChannels(), columns, x, weights, g.filters(), bias, y, activation);
        }
        Kernel lay = lay(g, kernel, g.groupChannels(), LANES, columns, g.filters(), columns, 1, 0);
        Argument.Place weights = laid(LANES * g.tapCount() * g.groupChannels());
        return context.scratch.together(
                lay, tiles(g, g.forward(), g.groupChannels(), columns, x, weights, LANES, bias, y, activation));
    }

    @Nullable
    Kernel inputGradient(ConvGeometry g, View dy, View kernel, View dx) {
        int columns = g.groupChannels();
        if (!fits(dx.dtype(), g.groups(), columns)) return null;
        int width = Math.max(LANES, g.channels());
        Kernel lay = lay(g, kernel, g.groupFilters(), width, g.channels(), 1, columns, g.filters(), g.groupFilters());
        Argument.Place weights = laid(width * g.tapCount() * g.groupFilters());
        return context.scratch.together(
                lay,
                tiles(g, g.backward(), g.groupFilters(), columns, dy, weights, width, null, dx, Activation.LINEAR));
    }

    private Argument.Place laid(int size) {
        return new Argument.Place(context.scratch.reserve(4L * size), 0);
    }

    private Kernel lay(
            ConvGeometry g, View kernel, int rows, int width, int columns, int row, int per, int column, int group) {
        int total = g.tapCount() * rows * width;
        return context.program("conv", ElementMacros.of(DType.FLOAT32))
                .bind(
                        "conv_lay_weights",
                        Grid.covering(total, GROUP),
                        Argument.of(kernel),
                        laid(total),
                        Argument.of(total),
                        Argument.of(rows),
                        Argument.of(width),
                        Argument.of(columns),
                        Argument.of(g.groupChannels() * g.filters()),
                        Argument.of(row),
                        Argument.of(per),
                        Argument.of(column),
                        Argument.of(group));
    }

    private Kernel tiles(
            ConvGeometry g,
            ConvWalk walk,
            int inner,
            int columns,
            View from,
            Argument.Place weights,
            int weightRow,
            @Nullable View bias,
            View to,
            Activation activation) {
        int pixels = context.tuning.get("conv.tile.pixels");
        int vectors = columns >= 2 * LANES ? 2 : 1;
        int panels = (columns + LANES * vectors - 1) / (LANES * vectors);
        int tiles = (g.batch() * walk.phaseResults() + pixels - 1) / pixels;
        int each = tiles * panels * g.groups() / (context.traits.units() * context.tuning.get("conv.items.per.unit"));
        each = Math.clamp(each, 1, context.tuning.get("conv.tiles.per.item"));
        return context.program("conv_tiles", macros(vectors, context.tuning.get("conv.tile.rows")))
                .bind(
                        "conv_tiles",
                        new Grid((tiles + each - 1) / each, panels, walk.phases() * g.groups(), 1, 1, 1),
                        walk.arguments(
                                Argument.of(from),
                                weights,
                                bias == null ? weights : Argument.of(bias),
                                new Argument.Place(context.scratch.zeros(4L * inner), 0),
                                Argument.of(to),
                                Argument.of(g.batch()),
                                Argument.of(from.shape().last()),
                                Argument.of(inner),
                                Argument.of(weightRow),
                                Argument.of(columns),
                                Argument.of(to.shape().last()),
                                Argument.of(g.groups()),
                                Argument.of(each),
                                Argument.of(bias == null ? 0 : 1),
                                Argument.of(activation.ordinal())));
    }

    /** Tiles pass over chunks of image rows; parts of the rows are summed apart where there are too few tiles. */
    @Nullable
    Kernel kernelGradient(ConvGeometry g, View x, View dy, View dw) {
        int inner = g.groupChannels();
        int columns = g.groupFilters();
        if (dw.dtype() != DType.FLOAT32 || columns < LANES || g.batch() * g.outputs() == 0) return null;
        if (isProduct(g) && inner >= context.tuning.get("conv.product.channels")) return product(g, x, dy, dw);
        int vectors = columns >= 2 * LANES ? 2 : 1;
        int tileRows = Math.min(inner, context.tuning.get("conv.tile.rows"));
        int panels = (columns + LANES * vectors - 1) / (LANES * vectors);
        int rows = g.batch() * g.out()[0] * g.out()[1];
        int items = panels * g.taps()[0] * g.taps()[1] * g.groups();
        int parts = Math.max(1, context.traits.units() * context.tuning.get("conv.items.per.unit") / items);
        int each = (rows + Math.min(rows, parts) - 1) / Math.min(rows, parts);
        parts = (rows + each - 1) / each;
        int chunk = Math.max(1, context.tuning.get("conv.chunk") / (inner * g.strides()[2] * g.out()[2]));
        Argument.Place to =
                parts == 1 ? Argument.of(dw) : new Argument.Place(context.scratch.reserve(4L * parts * dw.size()), 0);
        Kernel sums = context.program("conv_tiles", macros(vectors, tileRows))
                .bind(
                        "conv_tiles_kernel_gradient",
                        new Grid(panels, g.taps()[0] * g.taps()[1], parts * g.groups(), 1, 1, 1),
                        g.forward()
                                .arguments(
                                        Argument.of(x),
                                        Argument.of(dy),
                                        to,
                                        Argument.of(rows),
                                        Argument.of(each),
                                        Argument.of(chunk),
                                        Argument.of(g.channels()),
                                        Argument.of(inner),
                                        Argument.of(columns),
                                        Argument.of(g.filters()),
                                        Argument.of(g.groups()),
                                        Argument.of(dw.size())));
        return parts == 1 ? sums : context.scratch.together(sums, direct.addParts(to, parts, dw));
    }

    /** Says whether x and y are matrices with a row for each pixel, and the kernel one as well. */
    private static boolean isProduct(ConvGeometry g) {
        int[] ones = {1, 1, 1};
        return g.tapCount() == 1
                && g.groups() == 1
                && Arrays.equals(g.strides(), ones)
                && Arrays.equals(g.in(), g.out());
    }

    private Kernel product(ConvGeometry g, View x, View dy, View dw) {
        int pixels = g.batch() * g.outputs();
        return products.prepare(
                new Product(1, g.channels(), g.filters(), pixels, true, false, x, dy, null, Activation.LINEAR, dw));
    }

    private String[] macros(int vectors, int rows) {
        return new String[] {"PIXELS=" + context.tuning.get("conv.tile.pixels"), "VECTORS=" + vectors, "ROWS=" + rows};
    }
}
