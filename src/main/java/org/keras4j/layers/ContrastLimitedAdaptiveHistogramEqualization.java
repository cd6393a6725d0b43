package org.keras4j.layers;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/**
 * Spreads the values of each channel evenly over the range, by the histograms of the tiles of a grid, with a limit on
 * how far it goes (CLAHE, Zuiderveld 1994); between the tiles' middles it interpolates.
 */
public final class ContrastLimitedAdaptiveHistogramEqualization
        extends ImageLayer<ContrastLimitedAdaptiveHistogramEqualization> {
    private static final double[] BYTES = {0, 255};
    private static final int VALUES = 256;

    private double[] valueRange = {0, 255};
    private double clipLimit = 4;
    private int[] grid = {8, 8};

    public ContrastLimitedAdaptiveHistogramEqualization() {}

    static ContrastLimitedAdaptiveHistogramEqualization fromConfig(ConfigReader config) {
        double[] range = ColorRange.range(config, "value_range", 0, 255);
        return new ContrastLimitedAdaptiveHistogramEqualization()
                .configureImages(config)
                .valueRange(range[0], range[1])
                .clipLimit(config.real("clip_limit", 4))
                .tileGridSize(config.has("tile_grid_size") ? config.ints("tile_grid_size") : new int[] {8, 8});
    }

    /** Sets the least and greatest value of a pixel; 0 and 255 if not set. */
    public ContrastLimitedAdaptiveHistogramEqualization valueRange(double least, double greatest) {
        requireUnbuilt();
        valueRange = new double[] {least, greatest};
        return this;
    }

    /** Sets how many times its even share a value may count; 4 if not set, no limit with 0. */
    public ContrastLimitedAdaptiveHistogramEqualization clipLimit(double limit) {
        requireUnbuilt();
        clipLimit = limit;
        return this;
    }

    /** Sets the numbers of rows and columns of tiles; 8 each if not set. */
    public ContrastLimitedAdaptiveHistogramEqualization tileGridSize(int... size) {
        requireUnbuilt();
        grid = ConfigValues.spread(this, "tile_grid_size", size, 2, 1);
        return this;
    }

    @Override
    public Tensor transformImages(Tensor images, @Nullable Object transformation, boolean training) {
        Tensor x = channelsFirst() ? K.transpose(images, 0, 2, 3, 1) : images;
        boolean bytes = valueRange[0] == BYTES[0] && valueRange[1] == BYTES[1];
        if (!bytes) x = RandomImageLayer.rescaled(K.cast(x, DType.FLOAT32), valueRange, BYTES);
        Tensor y = RandomImageLayer.rescaled(equalized(x), BYTES, valueRange);
        y = K.cast(y, images.dtype());
        return channelsFirst() ? K.transpose(y, 0, 3, 1, 2) : y;
    }

    private Tensor equalized(Tensor x) {
        Shape shape = x.shape();
        int rows = shape.dim(1);
        int columns = shape.dim(2);
        int tileRows = (rows + grid[0] - 1) / grid[0];
        int tileColumns = (columns + grid[1] - 1) / grid[1];
        int[][] missing = {{0, 0}, {0, tileRows * grid[0] - rows}, {0, tileColumns * grid[1] - columns}, {0, 0}};
        Tensor whole = missing[1][1] + missing[2][1] == 0 ? x : K.pad(x, missing, "symmetric", 0);
        Tensor pixels = K.clip(K.cast(whole, DType.INT32), 0, VALUES - 1);
        Tensor y = interpolated(pixels, tables(pixels, tileRows, tileColumns), tileRows, tileColumns);
        return Primitives.slice(Primitives.slice(y, 1, 0, rows), 2, 0, columns);
    }

    /** Returns what becomes of each of the 256 values in each tile: {@code [batch * tiles * channels, 256]}. */
    private Tensor tables(Tensor pixels, int tileRows, int tileColumns) {
        int batch = pixels.shape().dim(0);
        int channels = pixels.shape().dim(3);
        int tiles = batch * grid[0] * grid[1] * channels;
        int size = tileRows * tileColumns;
        Tensor parts = K.reshape(pixels, batch, grid[0], tileRows, grid[1], tileColumns, channels);
        Tensor each = K.reshape(K.transpose(parts, 0, 1, 3, 5, 2, 4), tiles, size);
        Tensor places = K.add(each, K.reshape(steps(tiles, VALUES), tiles, 1));
        Tensor ones = K.ones(Shape.of(tiles * size), DType.FLOAT32);
        Tensor counts = K.reshape(K.segmentSum(ones, K.ravel(places), tiles * VALUES), tiles, VALUES);
        if (clipLimit > 0) {
            Tensor kept = K.clip(counts, 0, clipLimit * size / VALUES);
            Tensor excess = K.sum(K.subtract(counts, kept), -1, true);
            counts = K.add(kept, K.divide(excess, VALUES));
        }
        Tensor sums = K.cumsum(counts, -1);
        Tensor least = K.min(sums, -1, true);
        Tensor room = K.subtract((float) size, least);
        room = K.where(K.equal(room, 0), K.onesLike(room), room);
        return K.clip(K.divide(K.multiply(K.subtract(sums, least), 255), room), 0, 255);
    }

    /** Mixes, for each pixel, what the four tiles around it make of its value. */
    private Tensor interpolated(Tensor pixels, Tensor tables, int tileRows, int tileColumns) {
        int channels = pixels.shape().dim(3);
        var down = new Neighbours(pixels.shape().dim(1), tileRows, grid[0]);
        var right = new Neighbours(pixels.shape().dim(2), tileColumns, grid[1]);
        int perColumn = channels * VALUES;
        int perRow = perColumn * grid[1];
        Tensor start = K.add(
                K.reshape(steps(pixels.shape().dim(0), perRow * grid[0]), -1, 1, 1, 1),
                K.add(pixels, steps(channels, VALUES)));
        Tensor flat = K.ravel(tables);
        Tensor[] lines = new Tensor[2];
        for (int i = 0; i < 2; i++) {
            Tensor line = K.add(start, K.reshape(scaled(down.tiles[i], perRow), -1, 1, 1));
            Tensor left = K.take(flat, K.add(line, K.reshape(scaled(right.tiles[0], perColumn), -1, 1)), 0);
            Tensor far = K.take(flat, K.add(line, K.reshape(scaled(right.tiles[1], perColumn), -1, 1)), 0);
            lines[i] = mixed(left, far, K.reshape(right.weights(), -1, 1));
        }
        return mixed(lines[0], lines[1], K.reshape(down.weights(), -1, 1, 1));
    }

    private static Tensor mixed(Tensor a, Tensor b, Tensor weight) {
        return K.add(K.multiply(a, K.subtract(1f, weight)), K.multiply(b, weight));
    }

    /** Returns 0, {@code step}, 2 {@code step}, and so on. */
    private static Tensor steps(int count, int step) {
        var values = new int[count];
        for (int i = 0; i < count; i++) values[i] = i * step;
        return Tensor.of(NDArray.of(Shape.of(count), values));
    }

    private static Tensor scaled(int[] values, int factor) {
        var out = new int[values.length];
        for (int i = 0; i < out.length; i++) out[i] = values[i] * factor;
        return Tensor.of(NDArray.of(Shape.of(out.length), out));
    }

    /** For each place along an axis the tiles whose middles are before and after it, and the share of the latter. */
    private static final class Neighbours {
        final int[][] tiles;
        private final float[] weights;

        Neighbours(int size, int tile, int count) {
            tiles = new int[2][size];
            weights = new float[size];
            for (int i = 0; i < size; i++) {
                float at = (i - tile / 2f) / tile;
                int before = (int) Math.floor(at);
                weights[i] = at - before;
                tiles[0][i] = Math.clamp(before, 0, count - 1);
                tiles[1][i] = Math.clamp(before + 1, 0, count - 1);
            }
        }

        Tensor weights() {
            return Tensor.of(NDArray.of(Shape.of(weights.length), weights));
        }
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("value_range", List.of(valueRange[0], valueRange[1]));
        config.put("clip_limit", clipLimit);
        config.put("tile_grid_size", ConfigValues.list(grid));
        return config;
    }
}
