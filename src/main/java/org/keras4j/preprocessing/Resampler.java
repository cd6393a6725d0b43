package org.keras4j.preprocessing;

import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;

/**
 * Resizes pictures on the host: each line of the result is a weighted sum of lines of the picture, across and then
 * down.
 *
 * <p>{@code smooth} widens the filters where a picture gets smaller, as Pillow does; Keras's {@code resize} leaves
 * them. Kernels: D. P. Mitchell and A. N. Netravali, "Reconstruction filters in computer graphics" (1988); C. E.
 * Duchon, "Lanczos filtering in one and two dimensions" (1979).
 */
enum Resampler {
    NEAREST(0),
    BOX(0.5),
    BILINEAR(1),
    HAMMING(1),
    BICUBIC(2),
    MITCHELLCUBIC(2),
    GAUSSIAN(1.5),
    LANCZOS(3),
    LANCZOS3(3),
    LANCZOS5(5),
    AREA(0.5);

    /** Pillow's fixed point for 8-bit pictures: 32 bits, less 8 for the pixel and 2 for sums above the largest one. */
    private static final int FRACTION_BITS = 22;

    private final double radius;

    Resampler(double radius) {
        this.radius = radius;
    }

    /** A rectangle of a picture. */
    record Box(double left, double top, double right, double bottom) {
        static Box all(int height, int width) {
            return new Box(0, 0, width, height);
        }
    }

    /** For each element of a line of the result: where its elements begin in the source, and their weights. */
    private record Taps(int[] first, double[][] weights) {}

    /** Resizes {@code (height, width, channels)} as Keras's {@code resize}, in float32. */
    NDArray resize(NDArray picture, int height, int width) {
        int channels = picture.shape().dim(2);
        int rows = picture.shape().dim(0);
        Taps across = taps(picture.shape().dim(1), 0, picture.shape().dim(1), width, false);
        Taps down = taps(rows, 0, rows, height, false);
        float[] source = picture.floats();
        var half = new float[rows * width * channels];
        int stride = picture.shape().dim(1) * channels;
        for (int y = 0; y < rows; y++)
            for (int x = 0; x < width; x++)
                for (int c = 0; c < channels; c++)
                    half[(y * width + x) * channels + c] =
                            sum(source, y * stride + across.first[x] * channels + c, channels, across.weights[x]);
        var out = new float[height * width * channels];
        for (int y = 0; y < height; y++)
            for (int i = 0; i < width * channels; i++)
                out[y * width * channels + i] =
                        sum(half, down.first[y] * width * channels + i, width * channels, down.weights[y]);
        return NDArray.of(Shape.of(height, width, channels), out);
    }

    private static float sum(float[] values, int from, int step, double[] weights) {
        double sum = 0;
        for (int k = 0; k < weights.length; k++) sum += weights[k] * values[from + k * step];
        return (float) sum;
    }

    /** Resizes a part of uint8 {@code (height, width, channels)} to uint8, with Pillow's rounding after each pass. */
    NDArray resizeBytes(NDArray picture, int height, int width, Box part) {
        int channels = picture.shape().dim(2);
        int rows = picture.shape().dim(0);
        int columns = picture.shape().dim(1);
        int[] pixels = picture.ints();
        boolean isWholeWidth = width == columns && part.left() == 0 && part.right() == columns;
        if (!isWholeWidth) {
            Taps across = taps(columns, part.left(), part.right(), width, true);
            var half = new int[rows * width * channels];
            for (int x = 0; x < width; x++) {
                int[] weights = fixed(across.weights[x]);
                for (int y = 0; y < rows; y++)
                    for (int c = 0; c < channels; c++)
                        half[(y * width + x) * channels + c] =
                                sum(pixels, (y * columns + across.first[x]) * channels + c, channels, weights);
            }
            pixels = half;
        }
        int line = width * channels;
        boolean isWholeHeight = height == rows && part.top() == 0 && part.bottom() == rows;
        if (!isWholeHeight) {
            Taps down = taps(rows, part.top(), part.bottom(), height, true);
            var out = new int[height * line];
            for (int y = 0; y < height; y++) {
                int[] weights = fixed(down.weights[y]);
                for (int i = 0; i < line; i++) out[y * line + i] = sum(pixels, down.first[y] * line + i, line, weights);
            }
            pixels = out;
        }
        return NDArray.wrap(DType.UINT8, Shape.of(height, width, channels), pixels);
    }

    private int[] fixed(double[] weights) {
        var fixed = new int[weights.length];
        for (int k = 0; k < fixed.length; k++) fixed[k] = (int) Math.round(weights[k] * (1 << FRACTION_BITS));
        return fixed;
    }

    private static int sum(int[] values, int from, int step, int[] weights) {
        int sum = 1 << (FRACTION_BITS - 1);
        for (int k = 0; k < weights.length; k++) sum += weights[k] * values[from + k * step];
        return Math.clamp(sum >> FRACTION_BITS, 0, 255);
    }

    private Taps taps(int size, double from, double to, int count, boolean smooth) {
        double scale = (to - from) / count;
        double wide = smooth ? Math.max(scale, 1) : 1;
        var first = new int[count];
        var weights = new double[count][];
        for (int i = 0; i < count; i++) {
            double center = from + (i + 0.5) * scale;
            if (this == NEAREST) {
                first[i] = Math.clamp((int) Math.floor(center), 0, size - 1);
                weights[i] = new double[] {1};
                continue;
            }
            double reach = this == AREA ? scale / 2 : radius * wide;
            int low = this == AREA ? (int) Math.floor(center - reach) : (int) (center - reach + 0.5);
            int high = this == AREA ? (int) Math.ceil(center + reach) : (int) (center + reach + 0.5);
            low = Math.max(low, 0);
            high = Math.clamp(high, low + 1, size);
            first[i] = low;
            weights[i] = new double[high - low];
            double sum = 0;
            for (int k = low; k < high; k++) {
                double w =
                        this == AREA ? overlap(k, center - reach, center + reach) : kernel((k - center + 0.5) / wide);
                weights[i][k - low] = w;
                sum += w;
            }
            if (sum != 0) for (int k = 0; k < high - low; k++) weights[i][k] /= sum;
        }
        return new Taps(first, weights);
    }

    /** Returns how much of pixel {@code k} lies in an interval. */
    private static double overlap(int k, double from, double to) {
        return Math.max(0, Math.min(k + 1, to) - Math.max(k, from));
    }

    private double kernel(double x) {
        double a = Math.abs(x);
        return switch (this) {
            case NEAREST, BOX, AREA -> x > -0.5 && x <= 0.5 ? 1 : 0;
            case BILINEAR -> Math.max(0, 1 - a);
            case HAMMING -> a >= 1 ? 0 : sinc(x) * (0.54 + 0.46 * Math.cos(Math.PI * x));
            case BICUBIC -> cubic(a, -0.5);
            case MITCHELLCUBIC -> mitchell(a);
            case GAUSSIAN -> a >= 1.5 ? 0 : Math.exp(-2 * x * x);
            case LANCZOS, LANCZOS3, LANCZOS5 -> a >= radius ? 0 : sinc(x) * sinc(x / radius);
        };
    }

    private static double sinc(double x) {
        return x == 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
    }

    /** R. Keys, "Cubic convolution interpolation for digital image processing" (1981). */
    private static double cubic(double a, double slope) {
        if (a < 1) return ((slope + 2) * a - (slope + 3)) * a * a + 1;
        return a < 2 ? (((a - 5) * a + 8) * a - 4) * slope : 0;
    }

    private static double mitchell(double a) {
        if (a < 1) return ((7 * a - 12) * a * a + 16.0 / 3) / 6;
        return a < 2 ? ((-7.0 / 3 * a + 12) * a * a - 20 * a + 32.0 / 3) / 6 : 0;
    }
}
