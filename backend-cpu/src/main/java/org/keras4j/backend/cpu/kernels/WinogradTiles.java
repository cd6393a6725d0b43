package org.keras4j.backend.cpu.kernels;

import java.util.Arrays;
import org.keras4j.backend.cpu.kernels.Scratch.Use;

/** The 4 x 4 tiles that the results of a 3 x 3 convolution are cut into, counted over all images. */
final class WinogradTiles {
    private static final int L = Blocks.LANES;

    final int count;
    private final ConvShape shape;
    private final int across;
    private final int perImage;

    WinogradTiles(ConvShape shape) {
        this.shape = shape;
        across = Blocks.divideUp(shape.out()[2], Winograd.OUT);
        perImage = across * Blocks.divideUp(shape.out()[1], Winograd.OUT);
        count = shape.batch() * perImage;
    }

    private int image(int tile) {
        return tile / perImage;
    }

    private int top(int tile) {
        return tile % perImage / across * Winograd.OUT;
    }

    private int left(int tile) {
        return tile % across * Winograd.OUT;
    }

    /** Returns how many lines of the tile there are. */
    int lines(int tile) {
        return Math.min(Winograd.OUT, shape.out()[1] - top(tile));
    }

    /** Returns how many columns of the tile there are. */
    int columns(int tile) {
        return Math.min(Winograd.OUT, shape.out()[2] - left(tile));
    }

    /** Returns the first tile after {@code tile} that is not in one line with it. */
    int endOfLine(int tile) {
        return tile - tile % across + across;
    }

    /** Returns the place of the tile's first element in y. */
    int place(int tile) {
        return ((image(tile) * shape.out()[1] + top(tile)) * shape.out()[2] + left(tile)) * shape.outChannels();
    }

    /**
     * Transforms the part of x under a tile: channel c goes to {@code v[point * pointStep + c]}, after {@code vo}.
     * Blocks of {@code block} channels lie {@code blockStep} apart.
     */
    void input(int tile, float[] x, int xo, float[] v, int vo, int pointStep, int block, int blockStep, Scratch s) {
        int[] in = shape.in();
        int c = shape.channels();
        int top = top(tile) - shape.low()[1];
        int left = left(tile) - shape.low()[2];
        int from = xo + ((image(tile) * in[1] + top) * in[2] + left) * c;
        int line = in[2] * c;
        if (top < 0 || left < 0 || top + Winograd.IN > in[1] || left + Winograd.IN > in[2]) {
            float[] patch = s.floats(Use.TILE, Winograd.POINTS * c);
            copy(x, xo + image(tile) * in[1] * in[2] * c, in[1], in[2], top, left, Winograd.IN, c, patch);
            x = patch;
            from = 0;
            line = Winograd.IN * c;
        }
        float[] half = s.floats(Use.OTHER, Winograd.POINTS * L);
        for (int b = 0; b < c; b += block) {
            int end = Math.min(c, b + block);
            int to = vo + b / block * blockStep;
            for (int j = b; j < end; j += L, to += L) {
                for (int w = 0; w < Winograd.IN; w++)
                    Winograd.input(x, from + w * c + j, line, half, w * L, Winograd.IN * L);
                for (int h = 0; h < Winograd.IN; h++)
                    Winograd.input(half, h * Winograd.IN * L, L, v, to + h * Winograd.IN * pointStep, pointStep);
            }
        }
    }

    /** Transforms a tile of dy: channel c goes to {@code v[point * pointStep + c]}, after {@code vo}. */
    void gradient(int tile, float[] dy, int yo, float[] v, int vo, int pointStep, Scratch s) {
        int[] out = shape.out();
        int n = shape.outChannels();
        int from = yo + place(tile);
        int line = out[2] * n;
        if (lines(tile) < Winograd.OUT || columns(tile) < Winograd.OUT) {
            float[] patch = s.floats(Use.TILE, Winograd.POINTS * n);
            int image = yo + image(tile) * out[1] * out[2] * n;
            copy(dy, image, out[1], out[2], top(tile), left(tile), Winograd.OUT, n, patch);
            dy = patch;
            from = 0;
            line = Winograd.OUT * n;
        }
        float[] half = s.floats(Use.OTHER, Winograd.POINTS * L);
        for (int j = 0; j < n; j += L) {
            for (int w = 0; w < Winograd.OUT; w++)
                Winograd.gradient(dy, from + w * n + j, line, half, w * L, Winograd.OUT * L);
            for (int h = 0; h < Winograd.IN; h++)
                Winograd.gradient(half, h * Winograd.OUT * L, L, v, vo + h * Winograd.IN * pointStep + j, pointStep);
        }
    }

    /** Copies a square of pixels of an image, with zeros for what lies outside. */
    private static void copy(
            float[] x, int image, int height, int width, int top, int left, int side, int c, float[] to) {
        int first = Math.max(0, -left);
        int end = Math.clamp(width - left, first, side);
        for (int h = 0; h < side; h++) {
            int at = h * side * c;
            boolean inside = top + h >= 0 && top + h < height && end > first;
            Arrays.fill(to, at, at + (inside ? first : side) * c, 0);
            if (!inside) continue;
            System.arraycopy(x, image + ((top + h) * width + left + first) * c, to, at + first * c, (end - first) * c);
            Arrays.fill(to, at + end * c, at + side * c, 0);
        }
    }
}
