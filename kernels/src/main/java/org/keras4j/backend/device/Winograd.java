package org.keras4j.backend.device;

import org.jspecify.annotations.Nullable;

/**
 * A 3 x 3 convolution in tiles of 4 x 4 results (winograd.c): {@code inner} channels of images of {@code in} give
 * {@code columns} channels of images of {@code out}; the tile at result 0 begins at {@code start} of the image that is
 * read.
 *
 * <p>A NaN or an infinity in an image makes all 16 results of each tile that it is read for NaN, where a direct
 * convolution spoils the 9 results around it.
 */
record Winograd(int batch, int inner, int columns, int[] in, int[] out, int[] start) {
    static final int POINTS = 36;
    private static final int SIDE = 4;
    /** Results of the tiles for each one that is wanted: with more, what is saved is lost at the edges. */
    private static final double MOST_WASTE = 1.8;

    /** Returns the tiles of a convolution; null where it has none or they do not pay on this device. */
    static @Nullable Winograd forward(DeviceContext context, ConvGeometry g) {
        if (!isThreeByThree(g)) return null;
        int[] start = {-g.low()[1], -g.low()[2]};
        var tiles = new Winograd(g.batch(), g.channels(), g.filters(), plane(g.in()), plane(g.out()), start);
        return tiles.pays(context) ? tiles : null;
    }

    /**
     * Returns the tiles of the gradient by x, a convolution of dy with the turned kernel; null as for {@link #forward}.
     */
    static @Nullable Winograd backward(DeviceContext context, ConvGeometry g) {
        if (!isThreeByThree(g)) return null;
        int[] start = {g.low()[1] - 2, g.low()[2] - 2};
        var tiles = new Winograd(g.batch(), g.filters(), g.channels(), plane(g.out()), plane(g.in()), start);
        return tiles.pays(context) ? tiles : null;
    }

    private static boolean isThreeByThree(ConvGeometry g) {
        if (g.groups() != 1 || g.in()[0] != 1 || g.out()[0] != 1 || g.taps()[0] != 1 || g.low()[0] != 0) return false;
        for (int a = 1; a < 3; a++) if (g.taps()[a] != 3 || g.strides()[a] != 1 || g.dilations()[a] != 1) return false;
        return true;
    }

    private static int[] plane(int[] sizes) {
        return new int[] {sizes[1], sizes[2]};
    }

    private boolean pays(DeviceContext context) {
        int least = context.tuning.get("winograd.least.channels");
        int most = context.tuning.get("winograd.most.channels");
        return Math.min(inner, columns) >= least
                && Math.max(inner, columns) <= most
                && tiles() >= context.tuning.get("winograd.least.tiles")
                && (double) down() * across() * SIDE * SIDE <= MOST_WASTE * out[0] * out[1];
    }

    int down() {
        return (out[0] + SIDE - 1) / SIDE;
    }

    int across() {
        return (out[1] + SIDE - 1) / SIDE;
    }

    int tiles() {
        return Math.multiplyExact(batch, down() * across());
    }

    /** Returns the parameters TILING of the kernels that read images. */
    int[] reading() {
        return new int[] {across(), down(), in[0], in[1], start[0], start[1]};
    }

    /** Returns the parameters TILING of the kernels that write results, or read their gradient. */
    int[] writing() {
        return new int[] {across(), down(), out[0], out[1], 0, 0};
    }
}
