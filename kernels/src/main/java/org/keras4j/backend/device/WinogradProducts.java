package org.keras4j.backend.device;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.Storage;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.View;
import org.keras4j.op.Activation;

/**
 * 3 x 3 convolutions of floats on GPUs by {@link Winograd}'s algorithm: some of the tiles at a time are transformed,
 * multiplied as a batch of 36 matrix products (gemm_tiles.c), and taken back.
 */
final class WinogradProducts {
    private static final int GROUP = 64;
    /** Places in the scratch memory are multiples of so many floats. */
    private static final int ALIGNED = 64;

    private final DeviceContext context;
    private final TileProducts products;

    WinogradProducts(DeviceContext context) {
        this.context = context;
        this.products = new TileProducts(context);
    }

    @Nullable
    Kernel forward(ConvGeometry g, View x, View kernel, @Nullable View bias, View y, Activation activation) {
        Winograd tiles = fits(y) ? Winograd.forward(context, g) : null;
        if (tiles == null) return null;
        int[] weightSteps = {g.channels() * g.filters(), g.filters(), 1};
        return gather(tiles, Argument.of(kernel), weightSteps, x, bias, y, activation);
    }

    @Nullable
    Kernel inputGradient(ConvGeometry g, View dy, View kernel, View dx) {
        Winograd tiles = fits(dx) ? Winograd.backward(context, g) : null;
        if (tiles == null) return null;
        int tap = g.channels() * g.filters();
        Argument.Place first = Argument.of(kernel);
        var last = new Argument.Place(first.buffer(), first.offset() + 8L * tap);
        return gather(tiles, last, new int[] {-tap, 1, g.filters()}, dy, null, dx, Activation.LINEAR);
    }

    private static boolean fits(View result) {
        return result.memory().storage() == Storage.FLOAT;
    }

    private Kernel gather(
            Winograd tiles,
            Argument.Place weights,
            int[] weightSteps,
            View from,
            @Nullable View bias,
            View to,
            Activation activation) {
        int inner = tiles.inner();
        int columns = tiles.columns();
        int each = tilesAtOnce(tiles);
        long points = aligned((long) Winograd.POINTS * inner * columns);
        long results = points + aligned((long) Winograd.POINTS * each * inner);
        Buffer buffer =
                context.scratch.reserve(Float.BYTES * (results + aligned((long) Winograd.POINTS * each * columns)));
        Program program = program(to.dtype());
        List<Kernel> launches = new ArrayList<>();
        launches.add(program.bind(
                "winograd_kernel",
                Grid.covering((long) inner * columns, GROUP),
                new Arguments()
                        .add(weights)
                        .add(new Argument.Place(buffer, 0))
                        .add(inner, columns)
                        .add(weightSteps)
                        .toArray()));
        for (int first = 0; first < tiles.tiles(); first += each) {
            int count = Math.min(each, tiles.tiles() - first);
            launches.add(transform("winograd_input", tiles.reading(), from, buffer, points, first, count, inner));
            View a = matrices(buffer, points, count, inner);
            View b = matrices(buffer, 0, inner, columns);
            View c = matrices(buffer, results, count, columns);
            launches.add(products.sums(
                    new Product(Winograd.POINTS, count, columns, inner, false, false, a, b, null, Activation.LINEAR, c),
                    inner));
            launches.add(program.bind(
                    "winograd_output",
                    Grid.covering((long) count * columns, GROUP),
                    new Arguments()
                            .add(new Argument.Place(buffer, results))
                            .add(bias == null ? Argument.of(to) : Argument.of(bias))
                            .add(Argument.of(to))
                            .add(first, count, columns, bias == null ? 0 : 1, activation.ordinal())
                            .add(tiles.writing())
                            .toArray()));
        }
        return context.scratch.together(launches.toArray(Kernel[]::new));
    }

    /**
     * As for {@link #forward}; the tiles of dy are transformed as kernels, and all products of a tap's points summed.
     */
    @Nullable
    Kernel kernelGradient(ConvGeometry g, View x, View dy, View dw) {
        Winograd tiles = fits(dw) ? Winograd.forward(context, g) : null;
        if (tiles == null) return null;
        int inner = tiles.inner();
        int columns = tiles.columns();
        int each = tilesAtOnce(tiles);
        int size = inner * columns;
        long gradients = aligned((long) Winograd.POINTS * each * inner);
        long sums = gradients + aligned((long) Winograd.POINTS * each * columns);
        int count = 0;
        // how the sums are split is known before their memory is
        int reach = products.reach(Winograd.POINTS, inner, columns, each, DType.FLOAT32);
        for (int first = 0; first < tiles.tiles(); first += each)
            count += (Math.min(each, tiles.tiles() - first) + reach - 1) / reach;
        Buffer buffer = context.scratch.reserve(Float.BYTES * (sums + (long) count * Winograd.POINTS * size));
        List<Kernel> launches = new ArrayList<>();
        int part = 0;
        for (int first = 0; first < tiles.tiles(); first += each) {
            int now = Math.min(each, tiles.tiles() - first);
            launches.add(transform("winograd_input", tiles.reading(), x, buffer, 0, first, now, inner));
            launches.add(transform("winograd_gradient", tiles.writing(), dy, buffer, gradients, first, now, columns));
            View a = matrices(buffer, 0, now, inner);
            View b = matrices(buffer, gradients, now, columns);
            View c = matrices(buffer, sums + (long) part * Winograd.POINTS * size, inner, columns);
            var product =
                    new Product(Winograd.POINTS, inner, columns, now, true, false, a, b, null, Activation.LINEAR, c);
            launches.add(products.sums(product, Math.min(reach, now)));
            part += (now + reach - 1) / reach;
        }
        launches.add(program(dw.dtype())
                .bind(
                        "winograd_taps",
                        Grid.covering(size, GROUP),
                        new Arguments()
                                .add(new Argument.Place(buffer, sums))
                                .add(Argument.of(dw))
                                .add(size, count)
                                .toArray()));
        return context.scratch.together(launches.toArray(Kernel[]::new));
    }

    private Kernel transform(
            String function, int[] tiling, View from, Buffer to, long at, int first, int count, int channels) {
        return program(from.dtype())
                .bind(
                        function,
                        Grid.covering((long) count * channels, GROUP),
                        new Arguments()
                                .add(Argument.of(from))
                                .add(new Argument.Place(to, at))
                                .add(first, count, channels)
                                .add(tiling)
                                .toArray());
    }

    /**
     * Transformed tiles stay as small as a cache that all units share, or at least as does not matter beside the
     * tensors.
     */
    private int tilesAtOnce(Winograd tiles) {
        long each = (long) Winograd.POINTS * (tiles.inner() + tiles.columns()) * Float.BYTES;
        long most = ((long) context.tuning.get("winograd.megabytes") << 20) / each;
        return Math.clamp(most, 1, tiles.tiles());
    }

    private View matrices(Buffer buffer, long offset, int rows, int columns) {
        var memory = new DeviceMemory(context.device, Storage.FLOAT, buffer.bytes() / Float.BYTES, buffer);
        return new View(memory, offset, Shape.of(Winograd.POINTS, rows, columns), DType.FLOAT32);
    }

    private Program program(DType dtype) {
        return context.program("winograd", ElementMacros.of(dtype));
    }

    private static long aligned(long floats) {
        return (floats + ALIGNED - 1) / ALIGNED * ALIGNED;
    }
}
