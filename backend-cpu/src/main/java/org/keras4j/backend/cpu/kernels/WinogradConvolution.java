package org.keras4j.backend.cpu.kernels;

import java.util.Arrays;
import org.keras4j.backend.cpu.kernels.Scratch.Use;

/**
 * Convolves with 3 x 3 kernels by {@link Winograd}'s algorithm: the transformed tiles of x and the transformed kernel
 * are multiplied at each of the 36 points, {@code [tiles][channels] x [channels][out]}, and the products transformed
 * back. A part takes as many tiles as fit the second-level cache in transformed form.
 */
final class WinogradConvolution implements PackedConvolution, Work {
    /** Channels of a block: the distance of two rows in memory, which the register tiles need to be a constant. */
    private static final int BLOCK = 128;
    /** Floats of the transformed tiles of a part: half a megabyte. */
    private static final int PART = 128 * 1024;

    private static final float[] NO_BIAS = new float[Blocks.LANES];

    private final WorkPool pool;
    private final ConvShape shape;
    private final Epilogue epilogue;
    private final WinogradTiles tiles;
    private final int block;
    private final int tilesOfPart;
    private final Specialized product;
    private float[] x = TiledProduct.NONE;
    private int xo;
    private float[] panels = TiledProduct.NONE;
    private int po;
    private float[] bias = TiledProduct.NONE;
    private int bo;
    private float[] y = TiledProduct.NONE;
    private int yo;

    /** Prepares a convolution that {@link Winograd#fits}. */
    WinogradConvolution(WorkPool pool, ConvShape shape, Epilogue epilogue) {
        this.pool = pool;
        this.shape = shape;
        this.epilogue = epilogue;
        tiles = new WinogradTiles(shape);
        block = Math.min(shape.channels(), BLOCK);
        int fit = PART / Winograd.POINTS / (shape.channels() + shape.outChannels());
        int share = Blocks.divideUp(tiles.count, 2 * pool.threads());
        tilesOfPart = Math.max(1, Blocks.divideUp(Math.min(fit, share), Blocks.HEIGHT)) * Blocks.HEIGHT;
        product = Specialized.of(block);
    }

    @Override
    public String layout() {
        return "winograd";
    }

    @Override
    public int packedSize() {
        return Winograd.POINTS * shape.channels() * shape.outChannels();
    }

    /** Writes {@code [point][panel of columns][channels][columns]}. */
    @Override
    public void pack(float[] kernel, int ko, float[] to, int at) {
        int c = shape.channels();
        int n = shape.outChannels();
        int lanes = Blocks.LANES;
        float[] half = new float[3 * Winograd.IN * lanes];
        for (int j = 0; j < n; j += Blocks.WIDTH) {
            int width = RightPanels.panelWidth(n - j);
            for (int i = 0; i < c; i++) {
                for (int v = 0; v < width; v += lanes) {
                    int from = ko + i * n + j + v;
                    for (int w = 0; w < 3; w++)
                        Winograd.kernel(kernel, from + w * c * n, 3 * c * n, half, w * lanes, 3 * lanes);
                    int target = at + j * c + i * width + v;
                    for (int h = 0; h < Winograd.IN; h++)
                        Winograd.kernel(half, h * 3 * lanes, lanes, to, target + h * Winograd.IN * c * n, c * n);
                }
            }
        }
    }

    @Override
    public void run(float[] x, int xo, float[] panels, int po, float[] bias, int bo, float[] y, int yo) {
        this.x = x;
        this.xo = xo;
        this.panels = panels;
        this.po = po;
        this.bias = bias;
        this.bo = bo;
        this.y = y;
        this.yo = yo;
        pool.run(Blocks.divideUp(tiles.count, tilesOfPart), this);
    }

    @Override
    public void part(int index, Scratch scratch) {
        int first = index * tilesOfPart;
        int count = Math.min(tilesOfPart, tiles.count - first);
        int c = shape.channels();
        int n = shape.outChannels();
        float[] v = scratch.floats(Use.LEFT, Winograd.POINTS * count * c);
        float[] m = scratch.floats(Use.RIGHT, Winograd.POINTS * count * n);
        for (int i = 0; i < count; i++)
            tiles.input(first + i, x, xo, v, i * block, count * c, block, count * block, scratch);
        for (int point = 0; point < Winograd.POINTS; point++) multiply(point, count, v, m);
        for (int i = 0; i < count; i++) output(first + i, m, i * n, count * n, scratch);
        if (epilogue.isNothing()) return;
        epilogue.begin();
        for (int i = first, next; i < first + count; i = next) {
            next = Math.min(first + count, tiles.endOfLine(i));
            finishLines(i, next);
        }
        epilogue.end();
    }

    /** Computes the products of all tiles and all columns at one point. */
    private void multiply(int point, int count, float[] v, float[] m) {
        int c = shape.channels();
        int n = shape.outChannels();
        int to = point * count * n;
        Arrays.fill(m, to, to + count * n, 0);
        for (int k = 0; k < c; k += block) {
            int depth = Math.min(block, c - k);
            int left = point * count * c + k * count;
            for (int j = 0; j < n; j += Blocks.WIDTH) {
                int width = RightPanels.panelWidth(n - j);
                int right = po + point * c * n + j * c + k * width;
                int height;
                for (int i = 0; i < count; i += height) {
                    height = Blocks.height(count - i);
                    int a = left + i * block;
                    int at = to + i * n + j;
                    boolean wide = width > Blocks.LANES;
                    if (product.warmup.isHot(height, wide, depth))
                        product.tiles.run(height, wide, depth, v, a, panels, right, width, m, at, n);
                    else PlainTiles.run(height, width, depth, v, a, block, 1, panels, right, width, m, at, n);
                }
            }
        }
    }

    /** Finishes the lines of the tiles {@code from .. to}, which lie side by side. */
    private void finishLines(int from, int to) {
        int n = shape.outChannels();
        int line = shape.out()[2] * n;
        int length = tiles.place(to - 1) + tiles.columns(to - 1) * n - tiles.place(from);
        for (int h = 0; h < tiles.lines(from); h++) epilogue.apply(y, yo + tiles.place(from) + h * line, length);
    }

    private void output(int tile, float[] m, int mo, int pointStep, Scratch scratch) {
        int n = shape.outChannels();
        int lanes = Blocks.LANES;
        int lines = tiles.lines(tile);
        int columns = tiles.columns(tile);
        int line = shape.out()[2] * n;
        int to = yo + tiles.place(tile);
        float[] half = scratch.floats(Use.OTHER, Winograd.POINTS * lanes);
        for (int j = 0; j < n; j += lanes) {
            for (int w = 0; w < Winograd.IN; w++)
                Winograd.output(
                        m,
                        mo + w * pointStep + j,
                        Winograd.IN * pointStep,
                        NO_BIAS,
                        0,
                        half,
                        w * lanes,
                        Winograd.IN * lanes);
            for (int h = 0; h < lines; h++) {
                float[] add = bias.length == 0 ? NO_BIAS : bias;
                int ao = bias.length == 0 ? 0 : bo + j;
                int from = h * Winograd.IN * lanes;
                if (columns == Winograd.OUT) {
                    Winograd.output(half, from, lanes, add, ao, y, to + h * line + j, n);
                    continue;
                }
                float[] whole = scratch.floats(Use.TILE, Winograd.OUT * lanes);
                Winograd.output(half, from, lanes, add, ao, whole, 0, lanes);
                for (int w = 0; w < columns; w++)
                    System.arraycopy(whole, w * lanes, y, to + h * line + w * n + j, lanes);
            }
        }
    }
}
