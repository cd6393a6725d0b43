package org.keras4j.backend.cpu.kernels;

import java.util.Arrays;
import org.keras4j.backend.cpu.kernels.Scratch.Use;

/**
 * Computes the gradient of a 3 x 3 convolution for its kernel by {@link Winograd}'s algorithm, F(3 x 3, 4 x 4): at each
 * of the 36 points the transformed tiles of x and dy are multiplied and summed, {@code [tiles][channels]^T x
 * [tiles][out]}, and only the sums are transformed back. The tiles are cut into chunks, whose number depends on the
 * sizes alone, and the chunks' sums are added in order.
 */
final class WinogradKernelGradient {
    private static final TileWarmup WARMUP = TiledProduct.COLUMN_WARMUP;
    private static final int MAX_CHUNKS = 8;
    /** Fewest tiles that are multiplied at once. */
    private static final int MIN_TILES = 32;

    private final WorkPool pool;
    private final ConvShape shape;
    private final WinogradTiles tiles;
    private final int tilesAtOnce;
    private final int chunks;
    private final int size;
    private final Work chunkWork = this::chunk;
    private final Work sumWork = this::sum;
    private float[] x = TiledProduct.NONE;
    private int xo;
    private float[] dy = TiledProduct.NONE;
    private int yo;
    private float[] dw = TiledProduct.NONE;
    private int wo;
    private float[] sums = TiledProduct.NONE;

    /** Prepares a gradient that {@link Winograd#fits}. */
    WinogradKernelGradient(WorkPool pool, ConvShape shape) {
        this.pool = pool;
        this.shape = shape;
        tiles = new WinogradTiles(shape);
        int c = shape.channels();
        int n = shape.outChannels();
        // The sums are read and written once for the tiles at once, which are so many that this costs about what
        // writing and reading the tiles does.
        tilesAtOnce = Math.max(MIN_TILES, 3 * c * n / (2 * (c + n)));
        chunks = Math.clamp(tiles.count / (2 * tilesAtOnce), 1, MAX_CHUNKS);
        size = Winograd.POINTS * c * n;
    }

    /** Computes the gradient of the kernel's shape. */
    void run(float[] x, int xo, float[] dy, int yo, float[] dw, int wo) {
        this.x = x;
        this.xo = xo;
        this.dy = dy;
        this.yo = yo;
        this.dw = dw;
        this.wo = wo;
        sums = Scratch.ofThread().floats(Use.SHARED, chunks * size);
        pool.run(chunks, chunkWork);
        pool.run(shape.channels(), sumWork);
    }

    private void chunk(int index, Scratch scratch) {
        int c = shape.channels();
        int n = shape.outChannels();
        Arrays.fill(sums, index * size, (index + 1) * size, 0);
        float[] left = scratch.floats(Use.LEFT, Winograd.POINTS * tilesAtOnce * c);
        float[] right = scratch.floats(Use.RIGHT, Winograd.POINTS * tilesAtOnce * n);
        float[] panel = scratch.floats(Use.SECOND_LEFT, Blocks.STEP * tilesAtOnce + Blocks.LANES);
        int end = (int) ((long) tiles.count * (index + 1) / chunks);
        for (int first = (int) ((long) tiles.count * index / chunks); first < end; first += tilesAtOnce) {
            int count = Math.min(tilesAtOnce, end - first);
            for (int i = 0; i < count; i++) {
                tiles.input(first + i, x, xo, left, i * c, count * c, c, 0, scratch);
                tiles.gradient(first + i, dy, yo, right, i * n, count * n, scratch);
            }
            for (int point = 0; point < Winograd.POINTS; point++)
                multiply(count, left, point * count * c, right, point * count * n, index * size + point * c * n, panel);
        }
    }

    private void multiply(int count, float[] left, int lo, float[] right, int ro, int to, float[] panel) {
        int c = shape.channels();
        int n = shape.outChannels();
        int height;
        for (int i = 0; i < c; i += height) {
            height = Blocks.height(c - i);
            LeftPanels.columns(left, lo + i, c, height, count, panel);
            for (int j = 0; j < n; j += Blocks.WIDTH) {
                int width = RightPanels.panelWidth(n - j);
                boolean wide = width > Blocks.LANES;
                int at = to + i * n + j;
                if (WARMUP.isHot(height, wide, count))
                    ColumnTiles.run(height, wide, count, panel, right, ro + j, n, sums, at, n);
                else PlainTiles.run(height, width, count, panel, 0, 1, Blocks.STEP, right, ro + j, n, sums, at, n);
            }
        }
    }

    /** Adds the chunks' sums of one channel of x and transforms them to the taps. */
    private void sum(int channel, Scratch scratch) {
        int c = shape.channels();
        int n = shape.outChannels();
        int lanes = Blocks.LANES;
        int row = channel * n;
        for (int i = 1; i < chunks; i++)
            for (int point = 0; point < Winograd.POINTS; point++) {
                int at = point * c * n + row;
                FloatLoops.add(sums, at, sums, i * size + at, sums, at, n);
            }
        float[] half = scratch.floats(Use.OTHER, Winograd.POINTS * lanes);
        for (int j = 0; j < n; j += lanes) {
            for (int w = 0; w < Winograd.IN; w++)
                Winograd.kernelGradient(
                        sums, w * c * n + row + j, Winograd.IN * c * n, half, w * lanes, Winograd.IN * lanes);
            for (int h = 0; h < 3; h++)
                Winograd.kernelGradient(half, h * Winograd.IN * lanes, lanes, dw, wo + h * 3 * c * n + row + j, c * n);
        }
    }
}
