package org.keras4j.backend.device;

import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.View;
import org.keras4j.op.Activation;

/**
 * 3 x 3 convolutions in float32 on CPUs by {@link Winograd}'s algorithm: each work-item transforms, multiplies and
 * takes back as many tiles at a time as stay in its cache.
 */
final class WinogradSlabs {
    private static final int LANES = 16;
    private static final int GROUP = 64;
    private static final int STRIP = 12;
    /** Sums that are added up afterwards. */
    private static final int MOST_PARTS = 16;

    private final DeviceContext context;

    WinogradSlabs(DeviceContext context) {
        this.context = context;
    }

    @Nullable
    Kernel forward(ConvGeometry g, View x, View kernel, @Nullable View bias, View y, Activation activation) {
        Winograd tiles = y.dtype() == DType.FLOAT32 ? Winograd.forward(context, g) : null;
        if (tiles == null || !fits(tiles)) return null;
        var plan = new Plan(tiles, 0);
        return context.scratch.together(weights(plan, Argument.of(kernel)), tiles(plan, x, bias, y, activation));
    }

    /** The turned kernel is laid out as that of a forward convolution first. */
    @Nullable
    Kernel inputGradient(ConvGeometry g, View dy, View kernel, View dx) {
        Winograd tiles = dx.dtype() == DType.FLOAT32 ? Winograd.backward(context, g) : null;
        if (tiles == null || !fits(tiles)) return null;
        int size = 9 * g.channels() * g.filters();
        var plan = new Plan(tiles, size);
        Argument.Place weights = Argument.of(kernel);
        int tap = g.channels() * g.filters();
        Kernel turn = context.program("conv", ElementMacros.of(DType.FLOAT32))
                .bind(
                        "conv_lay_weights",
                        Grid.covering(size, GROUP),
                        new Arguments()
                                .add(new Argument.Place(weights.buffer(), weights.offset() + 8L * tap))
                                .add(plan.place(0))
                                .add(size, g.filters(), g.channels(), g.channels())
                                .add(-tap, 1, g.channels(), g.filters(), 0)
                                .toArray());
        return context.scratch.together(
                turn, weights(plan, plan.place(0)), tiles(plan, dy, null, dx, Activation.LINEAR));
    }

    private static boolean fits(Winograd tiles) {
        return Math.min(tiles.inner(), tiles.columns()) >= LANES;
    }

    /**
     * How the work is cut and where in the scratch memory its parts lie: turned weights, points of the weights, slabs.
     */
    private final class Plan {
        final Winograd tiles;
        final int vectors;
        final int panels;
        final int atOnce;
        final int groups;
        private final long points;
        private final long slabs;
        private final Buffer buffer;

        Plan(Winograd tiles, int turned) {
            this.tiles = tiles;
            vectors = tiles.columns() >= 2 * LANES ? 2 : 1;
            int width = LANES * vectors;
            panels = (tiles.columns() + width - 1) / width;
            int units = context.traits.units();
            int share = (tiles.tiles() + units - 1) / units;
            int most = context.tuning.get("winograd.tiles");
            atOnce = Math.max(1, (Math.min(most, share) + STRIP - 1) / STRIP) * STRIP;
            int blocks = (tiles.tiles() + atOnce - 1) / atOnce;
            groups = Math.min(blocks, units * context.tuning.get("winograd.groups"));
            points = turned;
            slabs = points + (long) Winograd.POINTS * panels * width * tiles.inner();
            long slab = (long) Winograd.POINTS * atOnce * (tiles.inner() + width);
            buffer = context.scratch.reserve(Float.BYTES * (slabs + groups * slab));
        }

        Argument.Place place(long offset) {
            return new Argument.Place(buffer, offset);
        }

        Program program() {
            return context.program("winograd", "VECTORS=" + vectors);
        }
    }

    private static Kernel weights(Plan plan, Argument.Place kernel) {
        return plan.program()
                .bind(
                        "winograd_weights",
                        new Grid(plan.tiles.inner(), plan.panels, 1, 1, 1, 1),
                        new Arguments()
                                .add(kernel)
                                .add(plan.place(plan.points))
                                .add(plan.tiles.inner(), plan.tiles.columns())
                                .toArray());
    }

    private Kernel tiles(Plan plan, View x, @Nullable View bias, View y, Activation activation) {
        Winograd tiles = plan.tiles;
        return plan.program()
                .bind(
                        "winograd_tiles",
                        new Grid(plan.groups, 1, 1, 1, 1, 1),
                        new Arguments()
                                .add(Argument.of(x))
                                .add(plan.place(plan.points))
                                .add(Argument.of(bias == null ? x : bias))
                                .add(new Argument.Place(context.scratch.zeros((long) Float.BYTES * tiles.inner()), 0))
                                .add(plan.place(plan.slabs))
                                .add(Argument.of(y))
                                .add(tiles.tiles(), plan.atOnce, tiles.inner(), tiles.columns())
                                .add(bias == null ? 0 : 1, activation.ordinal())
                                .add(tiles.out()[0], tiles.out()[1])
                                .add(tiles.reading())
                                .toArray());
    }

    /**
     * The points of the tiles of x and of dy are multiplied and summed; the sums of all tiles are taken back at once.
     */
    @Nullable
    Kernel kernelGradient(ConvGeometry g, View x, View dy, View dw) {
        Winograd tiles = dw.dtype() == DType.FLOAT32 ? Winograd.forward(context, g) : null;
        if (tiles == null || !fits(tiles) || tiles.columns() % LANES != 0) return null;
        if (Math.max(tiles.inner(), tiles.columns()) > context.tuning.get("winograd.gradient.channels")) return null;
        int count = tiles.tiles();
        int atOnce = Math.min(count, context.tuning.get("winograd.gradient.tiles"));
        int parts = Math.clamp(count / (2L * atOnce), 1, Math.min(context.traits.units(), MOST_PARTS));
        int each = (count + parts - 1) / parts;
        int size = tiles.inner() * tiles.columns();
        long slabs = (long) parts * Winograd.POINTS * size;
        long slab = (long) Winograd.POINTS * atOnce * (tiles.inner() + tiles.columns());
        Buffer buffer = context.scratch.reserve(Float.BYTES * (slabs + parts * slab));
        int wider = Math.max(tiles.inner(), tiles.columns());
        Program program = context.program("winograd", "VECTORS=" + (tiles.columns() % (2 * LANES) == 0 ? 2 : 1));
        Kernel sums = program.bind(
                "winograd_sums",
                new Grid(parts, 1, 1, 1, 1, 1),
                new Arguments()
                        .add(Argument.of(x))
                        .add(Argument.of(dy))
                        .add(new Argument.Place(context.scratch.zeros((long) Float.BYTES * wider), 0))
                        .add(new Argument.Place(buffer, slabs))
                        .add(new Argument.Place(buffer, 0))
                        .add(count, each, atOnce, tiles.inner(), tiles.columns(), tiles.out()[0], tiles.out()[1])
                        .add(tiles.reading())
                        .toArray());
        Kernel taps = program.bind(
                "winograd_add_taps",
                new Grid(size / LANES, 1, 1, 1, 1, 1),
                new Arguments()
                        .add(new Argument.Place(buffer, 0))
                        .add(Argument.of(dw))
                        .add(size, parts)
                        .toArray());
        return context.scratch.together(sums, taps);
    }
}
