package org.keras4j.backend.cpu.kernels;

import java.util.Arrays;
import org.keras4j.backend.cpu.kernels.Scratch.Use;

/**
 * Convolves {@code x[batch, 1, height, width, channels]} with few channels without gathering patches: the pixels under
 * a line of the kernel lie side by side in x, and the tile kernel reads them there. Where x is padded, a band of lines
 * is copied with its padding first, small enough to stay in L2.
 *
 * <p>Gathering costs as much for 32 output channels as for 512; with few channels it is a third of the time.
 */
final class DirectConvolution implements PackedConvolution, Work {
    /** Lines of the result of one part: a band of x of this height and the results fit L2. */
    private static final int BAND = 8;
    /**
     * With more channels than these, gathering is cheap beside the product, and saves compiling another set of tiles.
     */
    private static final int MAX_DISTANCE = 128;

    private static final int MAX_OUT = 128;

    /**
     * Where results lie in y, in floats: the first one, and the distances of neighbours in a line, of lines, of images.
     */
    record Places(int first, int pixel, int line, int image) {
        /** Returns the places of a tensor of its own. */
        static Places of(ConvShape shape) {
            int pixel = shape.outChannels();
            int line = shape.out()[2] * pixel;
            return new Places(0, pixel, line, shape.out()[1] * line);
        }
    }

    private final WorkPool pool;
    private final ConvShape shape;
    private final Epilogue epilogue;
    private final Places places;
    private final int bands;
    private final boolean padded;
    private final int lineWidth;
    private final int distance;
    private final int depth;
    private final Tiles tiles;
    private final TileWarmup warmup;
    private float[] x = TiledProduct.NONE;
    private int xo;
    private float[] panels = TiledProduct.NONE;
    private int po;
    private float[] bias = TiledProduct.NONE;
    private int bo;
    private float[] y = TiledProduct.NONE;
    private int yo;

    /** Prepares a convolution that {@link #fits}. */
    DirectConvolution(WorkPool pool, ConvShape shape, Epilogue epilogue) {
        this(pool, shape, epilogue, Places.of(shape));
    }

    DirectConvolution(WorkPool pool, ConvShape shape, Epilogue epilogue, Places places) {
        this.pool = pool;
        this.shape = shape;
        this.epilogue = epilogue;
        this.places = places;
        bands = Blocks.divideUp(shape.out()[1], BAND);
        int reach = (shape.out()[2] - 1) * shape.strides()[2] + shape.kernel()[2];
        int lastLine = (shape.out()[1] - 1) * shape.strides()[1] + (shape.kernel()[1] - 1) * shape.dilations()[1];
        padded = shape.low()[1] != 0 || shape.low()[2] != 0 || reach > shape.in()[2] || lastLine >= shape.in()[1];
        lineWidth = (padded ? reach : shape.in()[2]) * shape.channels();
        distance = shape.channels() * shape.strides()[2];
        depth = shape.kernel()[2] * shape.channels();
        tiles = Specialized.of(distance).tiles;
        warmup = Specialized.of(distance).warmup;
    }

    /** Says whether the tiles can read this convolution's x in place. */
    static boolean fits(ConvShape shape) {
        return shape.groups() == 1
                && shape.kernel()[0] == 1
                && shape.in()[0] == 1
                && shape.strides()[0] == 1
                && shape.low()[0] == 0
                && shape.low()[1] >= 0
                && shape.low()[2] >= 0
                && shape.dilations()[2] == 1
                && shape.out()[2] >= 4
                && shape.channels() * shape.strides()[2] <= MAX_DISTANCE
                && shape.outChannels() <= MAX_OUT;
    }

    @Override
    public String layout() {
        return "direct";
    }

    @Override
    public int packedSize() {
        return RightPanels.size(shape.taps() * shape.channels(), shape.outChannels());
    }

    /** Writes panel by panel, each with its whole depth. */
    @Override
    public void pack(float[] kernel, int ko, float[] to, int at) {
        int k = shape.taps() * shape.channels();
        RightPanels.block(kernel, ko, shape.outChannels(), false, 0, k, 0, shape.outChannels(), to, at);
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
        long work = (long) shape.outPixels() * shape.taps() * shape.channels() * shape.outChannels();
        if (work < 600_000) {
            Scratch scratch = Scratch.ofThread();
            for (int i = 0; i < shape.batch() * bands; i++) part(i, scratch);
        } else {
            pool.run(shape.batch() * bands, this);
        }
    }

    @Override
    public void part(int index, Scratch scratch) {
        int image = index / bands;
        int first = index % bands * BAND;
        int lines = Math.min(BAND, shape.out()[1] - first);
        int top = first * shape.strides()[1] - shape.low()[1];
        float[] from = x;
        int at = xo + (image * shape.in()[1] + top) * lineWidth;
        if (padded) {
            int height = (lines - 1) * shape.strides()[1] + (shape.kernel()[1] - 1) * shape.dilations()[1] + 1;
            from = scratch.floats(Use.LEFT, height * lineWidth);
            at = 0;
            copyBand(image, top, height, from);
        }
        int n = shape.outChannels();
        int to = yo + places.first + image * places.image + first * places.line;
        for (int line = 0; line < lines; line++) start(to + line * places.line);
        for (int j = 0; j < n; j += Blocks.WIDTH)
            for (int line = 0; line < lines; line++)
                line(from, at + line * shape.strides()[1] * lineWidth, j, to + line * places.line, scratch);
        if (epilogue.isNothing()) return;
        epilogue.begin();
        for (int line = 0; line < lines; line++) applyEpilogue(to + line * places.line);
        epilogue.end();
    }

    private void copyBand(int image, int top, int height, float[] band) {
        int[] in = shape.in();
        int c = shape.channels();
        int left = shape.low()[2] * c;
        int inside = Math.min(in[2] * c, lineWidth - left);
        for (int i = 0; i < height; i++) {
            int at = i * lineWidth;
            int line = top + i;
            if (line < 0 || line >= in[1]) {
                Arrays.fill(band, at, at + lineWidth, 0);
                continue;
            }
            Arrays.fill(band, at, at + left, 0);
            System.arraycopy(x, xo + (image * in[1] + line) * in[2] * c, band, at + left, inside);
            Arrays.fill(band, at + left + inside, at + lineWidth, 0);
        }
    }

    /** Writes the bias, or zeros, to a line of the result. */
    private void start(int to) {
        int n = shape.outChannels();
        boolean together = places.pixel == n;
        if (bias.length == 0 && together) {
            Arrays.fill(y, to, to + shape.out()[2] * n, 0);
            return;
        }
        for (int w = 0; w < shape.out()[2]; w++) {
            int at = to + w * places.pixel;
            if (bias.length == 0) Arrays.fill(y, at, at + n, 0);
            else System.arraycopy(bias, bo, y, at, n);
        }
    }

    private void applyEpilogue(int to) {
        int n = shape.outChannels();
        if (places.pixel == n) {
            epilogue.apply(y, to, shape.out()[2] * n);
            return;
        }
        for (int w = 0; w < shape.out()[2]; w++) {
            epilogue.apply(y, to + w * places.pixel, n);
        }
    }

    /** Computes the columns from {@code j} on of one line of the result. */
    private void line(float[] from, int source, int j, int to, Scratch scratch) {
        int n = shape.outChannels();
        int columns = Math.min(Blocks.WIDTH, n - j);
        boolean wide = columns > Blocks.LANES;
        int width = wide ? Blocks.WIDTH : Blocks.LANES;
        int panel = po + j * shape.taps() * shape.channels();
        int lineStep = shape.dilations()[1] * lineWidth;
        int height;
        for (int w = 0; w < shape.out()[2]; w += height) {
            height = Blocks.height(shape.out()[2] - w);
            int place = to + w * places.pixel + j;
            if (columns == width) {
                lines(height, wide, from, source + w * distance, lineStep, panel, y, place, places.pixel);
            } else {
                ragged(from, source + w * distance, lineStep, height, columns, wide, panel, place, scratch);
            }
        }
    }

    /** Adds what each line of the kernel contributes. A loop over lines inside the tile is slower by an eighth. */
    private void lines(
            int height,
            boolean wide,
            float[] from,
            int source,
            int lineStep,
            int panel,
            float[] to,
            int place,
            int row) {
        int width = wide ? Blocks.WIDTH : Blocks.LANES;
        for (int kh = 0; kh < shape.kernel()[1]; kh++) {
            if (warmup.isHot(height, wide, depth))
                tiles.run(height, wide, depth, from, source, panels, panel, width, to, place, row);
            else PlainTiles.run(height, width, depth, from, source, distance, 1, panels, panel, width, to, place, row);
            source += lineStep;
            panel += depth * width;
        }
    }

    /** Computes a tile of which only some columns are there, by way of a whole one. */
    private void ragged(
            float[] from,
            int source,
            int lineStep,
            int height,
            int columns,
            boolean wide,
            int panel,
            int place,
            Scratch scratch) {
        int width = wide ? Blocks.WIDTH : Blocks.LANES;
        float[] tile = scratch.floats(Use.TILE, Blocks.HEIGHT * Blocks.WIDTH);
        for (int i = 0; i < height; i++) {
            System.arraycopy(y, place + i * places.pixel, tile, i * width, columns);
            Arrays.fill(tile, i * width + columns, (i + 1) * width, 0);
        }
        lines(height, wide, from, source, lineStep, panel, tile, 0, width);
        for (int i = 0; i < height; i++) System.arraycopy(tile, i * width, y, place + i * places.pixel, columns);
    }
}
