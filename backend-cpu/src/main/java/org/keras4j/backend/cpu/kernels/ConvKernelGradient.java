package org.keras4j.backend.cpu.kernels;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.keras4j.backend.cpu.kernels.Scratch.Use;

/**
 * Computes the gradient of a convolution for its kernel: the transposed patches of x times dy, a contraction over all
 * pixels. Where the kernel is too small to be shared among threads, the pixels are cut into chunks, whose number
 * depends on the sizes alone, and the chunks' sums are added in order.
 */
public final class ConvKernelGradient extends TiledProduct {
    /** Kernels of up to this many floats are summed chunk by chunk: a chunk's sum stays in a 1 MB L2. */
    private static final int LARGE = 128 * 1024;

    private static final int MAX_CHUNKS = 16;
    private static final int MIN_CHUNK = 2 * Blocks.DEPTH;

    private final WorkPool pool;
    private final ConvShape shape;
    private final Patches patches;
    private final int pixels;
    private final int chunks;
    private final int chunk;
    private float[] x = NONE;
    private int xo;
    private float[] dy = NONE;
    private int yo;
    private float[] dw = NONE;
    private int wo;
    private int rowsOfPart;
    private final @Nullable WinogradKernelGradient winograd;
    /** Whether the tiles read x and dy in place. */
    private final boolean direct;

    /** Prepares the gradient; run it from one thread at a time. */
    public ConvKernelGradient(WorkPool pool, ConvShape shape) {
        this.pool = pool;
        this.shape = shape;
        var offsets = new int[shape.taps()][3];
        int[] kernel = shape.kernel();
        for (int t = 0; t < offsets.length; t++) {
            int[] tap = {t / kernel[2] / kernel[1], t / kernel[2] % kernel[1], t % kernel[2]};
            for (int i = 0; i < 3; i++) offsets[t][i] = tap[i] * shape.dilations()[i] - shape.low()[i];
        }
        winograd = Winograd.fits(shape) ? new WinogradKernelGradient(pool, shape) : null;
        patches =
                new Patches(shape.in(), shape.out(), shape.strides(), offsets, shape.channels(), shape.groupChannels());
        pixels = shape.outPixels();
        int size = shape.taps() * shape.groupChannels() * shape.outChannels();
        int wanted = size > LARGE ? 1 : Math.clamp(pixels / MIN_CHUNK, 1, MAX_CHUNKS);
        chunk = Math.max(1, Blocks.divideUp(Blocks.divideUp(pixels, wanted), Blocks.DEPTH) * Blocks.DEPTH);
        chunks = Math.max(1, Blocks.divideUp(pixels, chunk));
        m = patches.columns();
        n = shape.groupOut();
        k = pixels;
        right = Right.ROWS;
        ldb = shape.outChannels();
        ldc = shape.outChannels();
        leftByColumns = true;
        direct = chunks > 1
                && kernel[0] == 1
                && shape.in()[0] == 1
                && shape.low()[0] == 0
                && shape.groupChannels() >= 8
                && shape.groupOut() % Blocks.LANES == 0;
    }

    /** Computes the gradient of the kernel's shape. */
    public void run(float[] x, int xo, float[] dy, int yo, float[] dw, int wo) {
        if (winograd != null) {
            winograd.run(x, xo, dy, yo, dw, wo);
            return;
        }
        this.x = x;
        this.xo = xo;
        this.dy = dy;
        this.yo = yo;
        this.dw = dw;
        this.wo = wo;
        b = dy;
        bo = yo;
        c = dw;
        co = wo;
        if (m == 0 || n == 0) return;
        long work = (long) m * n * k * shape.groups();
        if (chunks > 1) {
            c = Scratch.ofThread().floats(Use.SHARED, chunks * size());
            co = 0;
            rowsOfPart = 0;
            pool.run(chunks, this);
            sum();
        } else {
            int parts = (int) Math.clamp(work / 600_000, 1, 4L * pool.threads());
            rowsOfPart = Blocks.divideUp(Blocks.divideUp(m, parts), Blocks.HEIGHT) * Blocks.HEIGHT;
            pool.run(Blocks.divideUp(m, rowsOfPart), this);
        }
    }

    private int size() {
        return m * shape.outChannels();
    }

    private void sum() {
        int size = size();
        System.arraycopy(c, 0, dw, wo, size);
        for (int i = 1; i < chunks; i++) FloatLoops.add(dw, wo, c, i * size, dw, wo, size);
    }

    @Override
    public void part(int index, Scratch scratch) {
        for (int g = 0; g < shape.groups(); g++) {
            if (direct) {
                chunkInPlace(g, index, scratch);
            } else if (chunks > 1) {
                int end = Math.min(pixels, (index + 1) * chunk);
                multiplyRange(g * chunks + index, 0, m, 0, n, index * chunk, end, scratch);
            } else {
                int row = index * rowsOfPart;
                multiplyRange(g, row, Math.min(m, row + rowsOfPart), 0, n, 0, k, scratch);
            }
        }
    }

    /** Sums a share of the lines of dy: for each tap, the pixels that it connects are a rectangle in each image. */
    private void chunkInPlace(int group, int index, Scratch scratch) {
        int base = index * size() + group * n;
        for (int row = 0; row < m; row++) Arrays.fill(c, base + row * ldc, base + row * ldc + n, 0);
        int all = shape.batch() * shape.out()[1];
        int end = (int) ((long) all * (index + 1) / chunks);
        for (int line = (int) ((long) all * index / chunks); line < end; ) {
            int h = line % shape.out()[1];
            int lines = Math.min(shape.out()[1] - h, end - line);
            for (int tap = 0; tap < shape.taps(); tap++)
                rectangle(group, line / shape.out()[1], h, h + lines, tap, base, scratch);
            line += lines;
        }
    }

    private void rectangle(int group, int image, int h0, int h1, int tap, int base, Scratch scratch) {
        int[] in = shape.in();
        int[] out = shape.out();
        int[] s = shape.strides();
        int shiftH = tap / shape.kernel()[2] * shape.dilations()[1] - shape.low()[1];
        int shiftW = tap % shape.kernel()[2] * shape.dilations()[2] - shape.low()[2];
        int top = Math.max(h0, firstInside(shiftH, s[1]));
        int lines = Math.min(h1, endInside(shiftH, s[1], in[1])) - top;
        int left = firstInside(shiftW, s[2]);
        int depth = Math.min(out[2], endInside(shiftW, s[2], in[2])) - left;
        if (lines <= 0 || depth <= 0) return;
        int run = shape.groupChannels();
        int line = in[2] * shape.channels();
        int from = xo
                + group * run
                + (image * in[1] + top * s[1] + shiftH) * line
                + (left * s[2] + shiftW) * shape.channels();
        int with = yo + group * n + ((image * out[1] + top) * out[2] + left) * ldb;
        int to = base + tap * run * ldc;
        float[] panel = scratch.floats(Use.LEFT, Blocks.STEP * depth + Blocks.LANES);
        int height;
        for (int row = 0; row < run; row += height) {
            height = Blocks.height(run - row);
            for (int i = 0; i < lines; i++) {
                LeftPanels.columns(x, from + row + i * s[1] * line, s[2] * shape.channels(), height, depth, panel);
                tiles(height, depth, panel, with + i * out[2] * ldb, to + row * ldc);
            }
        }
    }

    /** Adds the product of a panel of x and a line of dy. */
    private void tiles(int height, int depth, float[] panel, int with, int to) {
        for (int j = 0; j < n; j += Blocks.WIDTH) {
            boolean wide = n - j > Blocks.LANES;
            int width = wide ? Blocks.WIDTH : Blocks.LANES;
            if (COLUMN_WARMUP.isHot(height, wide, depth))
                ColumnTiles.run(height, wide, depth, panel, dy, with + j, ldb, c, to + j, ldc);
            else PlainTiles.run(height, width, depth, panel, 0, 1, Blocks.STEP, dy, with + j, ldb, c, to + j, ldc);
        }
    }

    /** Returns the first window whose element, {@code shift} from the window's start, is not before the input. */
    private static int firstInside(int shift, int stride) {
        return shift >= 0 ? 0 : Blocks.divideUp(-shift, stride);
    }

    /** Returns the first window whose element is behind an input of {@code length}. */
    private static int endInside(int shift, int stride, int length) {
        return length - shift <= 0 ? 0 : Blocks.divideUp(length - shift, stride);
    }

    @Override
    void packLeft(int batch, int row, int height, int k0, int depth, float[] panel) {
        patches.columns(x, xo + batch / chunks * shape.groupChannels(), row, height, k0, depth, panel);
    }

    @Override
    int batchOffsetB(int batch) {
        return batch / chunks * n;
    }

    @Override
    int batchOffsetC(int batch) {
        return batch / chunks * n + (chunks > 1 ? batch % chunks * size() : 0);
    }
}
