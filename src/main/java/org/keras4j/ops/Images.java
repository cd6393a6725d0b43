package org.keras4j.ops;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.op.Binary;
import org.keras4j.op.Unary;

/** Colours, crops, patches and filters of images: {@code [h, w, c]} or {@code [n, h, w, c]}, or channels first. */
final class Images {
    private Images() {}

    /** Applies {@code f} to {@code [n, h, w, c]}, whatever the layout of {@code images}. */
    static Tensor batched(String name, Tensor images, @Nullable String dataFormat, UnaryOperator<Tensor> f) {
        check(name, images);
        boolean first = Convolutions.channelsFirst(dataFormat);
        Tensor x = images.rank() == 3 ? Manipulation.expandDims(images, 0) : images;
        Tensor y = f.apply(first ? Convolutions.toLast(x) : x);
        if (first) y = Manipulation.moveaxis(y, new int[] {3}, new int[] {1});
        return images.rank() == 3 ? Manipulation.squeeze(y, 0) : y;
    }

    static void check(String name, Tensor images) {
        if (images.rank() != 3 && images.rank() != 4)
            throw new IllegalArgumentException(
                    name + ": expected one image (3 axes) or a batch (4 axes), got shape " + images.shape());
    }

    // ---- colours ----------------------------------------------------------------------------------------------------

    private static int channelAxis(@Nullable String dataFormat) {
        return Convolutions.channelsFirst(dataFormat) ? -3 : -1;
    }

    private static List<Tensor> planes(String name, Tensor images, @Nullable String dataFormat) {
        check(name, images);
        int axis = channelAxis(dataFormat);
        if (images.shape().dim(axis) != 3)
            throw new IllegalArgumentException(name + ": expected 3 channels, got shape " + images.shape());
        return Manipulation.unstack(images, images.shape().axis(axis));
    }

    /** Weights of the luma of ITU-R BT.601. */
    static Tensor rgbToGrayscale(Tensor images, @Nullable String dataFormat) {
        check("rgb_to_grayscale", images);
        int axis = images.shape().axis(channelAxis(dataFormat));
        if (images.shape().dim(axis) == 1) return images;
        List<Tensor> rgb = planes("rgb_to_grayscale", Arithmetic.toFloat(images), dataFormat);
        Tensor gray = Primitives.add(
                Primitives.add(Primitives.scale(rgb.get(0), 0.2989), Primitives.scale(rgb.get(1), 0.587)),
                Primitives.scale(rgb.get(2), 0.114));
        return Primitives.cast(Manipulation.expandDims(gray, axis), images.dtype());
    }

    static Tensor rgbToHsv(Tensor images, @Nullable String dataFormat) {
        checkFloat("rgb_to_hsv", images);
        double eps = images.dtype() == DType.FLOAT16
                ? 0x1p-10
                : images.dtype() == DType.BFLOAT16 ? 0x1p-7 : LinearAlgebra.epsilon(images.dtype());
        Tensor tiny = Arithmetic.test(Binary.LESS, Primitives.unary(Unary.ABS, images), eps);
        List<Tensor> rgb = planes("rgb_to_hsv", Arithmetic.where(tiny, 0.0, images), dataFormat);
        Tensor r = rgb.get(0);
        Tensor g = rgb.get(1);
        Tensor b = rgb.get(2);
        Tensor value = Primitives.binary(Binary.MAX, Primitives.binary(Binary.MAX, r, g), b);
        Tensor least = Primitives.binary(Binary.MIN, Primitives.binary(Binary.MIN, r, g), b);
        Tensor range = Primitives.sub(value, least);
        Tensor bright = Arithmetic.test(Binary.GREATER, value, 0);
        Tensor coloured = Arithmetic.test(Binary.GREATER, range, 0);
        Tensor saturation = Arithmetic.where(bright, Primitives.div(range, Arithmetic.where(bright, value, 1.0)), 0.0);
        Tensor norm =
                Primitives.scale(Primitives.unary(Unary.RECIPROCAL, Arithmetic.where(coloured, range, 1.0)), 1.0 / 6);
        Tensor fromGreen = Primitives.shift(Primitives.mul(norm, Primitives.sub(b, r)), 2.0 / 6);
        Tensor fromBlue = Primitives.shift(Primitives.mul(norm, Primitives.sub(r, g)), 4.0 / 6);
        Tensor hue = Arithmetic.where(Primitives.binary(Binary.EQUAL, value, g), fromGreen, fromBlue);
        Tensor fromRed = Primitives.mul(norm, Primitives.sub(g, b));
        hue = Arithmetic.where(Primitives.binary(Binary.EQUAL, value, r), fromRed, hue);
        Tensor below = Primitives.cast(Arithmetic.test(Binary.LESS, hue, 0), hue.dtype());
        hue = Primitives.add(Arithmetic.where(coloured, hue, 0.0), below);
        return Manipulation.stack(
                List.of(hue, saturation, value), images.shape().axis(channelAxis(dataFormat)));
    }

    static Tensor hsvToRgb(Tensor images, @Nullable String dataFormat) {
        checkFloat("hsv_to_rgb", images);
        List<Tensor> hsv = planes("hsv_to_rgb", images, dataFormat);
        Tensor hue = hsv.get(0);
        Tensor turn = Primitives.scale(Primitives.binary(Binary.MOD, hue, Arithmetic.fullLike(hue, 1)), 6);
        Tensor red = Primitives.shift(Primitives.unary(Unary.ABS, Primitives.shift(turn, -3)), -1);
        List<Tensor> parts = List.of(red, ramp(turn, 2), ramp(turn, 4));
        Tensor pale = Primitives.shift(Primitives.neg(hsv.get(1)), 1);
        List<Tensor> rgb = parts.stream()
                .map(p -> Primitives.mul(
                        hsv.get(2), Primitives.add(pale, Primitives.mul(hsv.get(1), Elementwise.clip(p, 0, 1)))))
                .toList();
        return Manipulation.stack(rgb, images.shape().axis(channelAxis(dataFormat)));
    }

    private static Tensor ramp(Tensor turn, double middle) {
        return Primitives.shift(Primitives.neg(Primitives.unary(Unary.ABS, Primitives.shift(turn, -middle))), 2);
    }

    private static void checkFloat(String name, Tensor images) {
        if (!images.dtype().isFloating())
            throw new IllegalArgumentException(name + ": expected a float dtype, got " + images.dtype());
    }

    // ---- borders ----------------------------------------------------------------------------------------------------

    /** Of the numbers for each axis one may be null where the target size gives it. */
    static Tensor pad(
            Tensor images,
            @Nullable Integer[] low,
            @Nullable Integer[] high,
            @Nullable Integer[] target,
            @Nullable String dataFormat) {
        check("pad_images", images);
        int first = images.rank() - (Convolutions.channelsFirst(dataFormat) ? 2 : 3);
        var before = new int[images.rank()];
        var after = new int[images.rank()];
        for (int i = 0; i < 2; i++) {
            int n = images.shape().dim(first + i);
            before[first + i] = filled("pad_images", low[i], high[i], target[i], -n);
            after[first + i] = filled("pad_images", high[i], low[i], target[i], -n);
        }
        return Primitives.pad(images, before, after);
    }

    /** Returns {@code wanted}, or what the target size and the other end leave of it. */
    private static int filled(
            String name, @Nullable Integer wanted, @Nullable Integer other, @Nullable Integer target, int offset) {
        if (wanted == null && (other == null || target == null))
            throw new IllegalArgumentException(
                    name + ": of the numbers at both ends and the target size, two must be given for each axis");
        int value = wanted != null ? wanted : Objects.requireNonNull(target) - Objects.requireNonNull(other) + offset;
        if (value < 0) throw new IllegalArgumentException(name + ": a border must not be negative, got " + value);
        return value;
    }

    static Tensor crop(
            Tensor images,
            @Nullable Integer[] low,
            @Nullable Integer[] high,
            @Nullable Integer[] target,
            @Nullable String dataFormat) {
        check("crop_images", images);
        int first = images.rank() - (Convolutions.channelsFirst(dataFormat) ? 2 : 3);
        int[] starts = new int[images.rank()];
        int[] sizes = images.shape().dims();
        for (int i = 0; i < 2; i++) {
            int n = images.shape().dim(first + i);
            Integer size = target[i];
            if (size == null) {
                if (low[i] == null || high[i] == null) filled("crop_images", null, null, null, 0);
                size = n - low[i] - high[i];
            }
            int start = low[i] != null ? low[i] : n - size - filled("crop_images", high[i], null, null, 0);
            if (start < 0 || size < 0 || start + size > n)
                throw new IllegalArgumentException("crop_images: cannot take " + size + " from " + start
                        + " on of an axis of " + n + " of " + images.shape());
            starts[first + i] = start;
            sizes[first + i] = size;
        }
        return Primitives.slice(images, starts, sizes);
    }

    // ---- patches ----------------------------------------------------------------------------------------------------

    /** Blocks of 2 or 3 spatial axes as vectors in place of the channels. */
    static Tensor extractPatches(
            Tensor images,
            int[] size,
            int @Nullable [] strides,
            int[] dilation,
            String padding,
            @Nullable String dataFormat) {
        int n = size.length;
        boolean single = images.rank() == n + 1;
        if (!single && images.rank() != n + 2)
            throw new IllegalArgumentException(
                    "extract_patches: expected " + (n + 1) + " or " + (n + 2) + " axes, got " + images.shape());
        Tensor x = single ? Manipulation.expandDims(images, 0) : images;
        int channels = x.shape().dim(Convolutions.channelsFirst(dataFormat) ? 1 : -1);
        int length = channels;
        for (int s : size) length *= s;
        Shape kernel = Shape.of(size).concat(Shape.of(channels, length));
        Tensor copy = Primitives.reshape(Creation.eye(length, length, 0, x.dtype()), kernel);
        Tensor y = Convolutions.conv(x, copy, strides == null ? size : strides, padding, dataFormat, dilation);
        return single ? Manipulation.squeeze(y, 0) : y;
    }

    /** Puts patches that do not overlap back into images of {@code outputSize}. */
    static Tensor reconstructPatches(
            Tensor patches,
            int[] size,
            int[] outputSize,
            int @Nullable [] strides,
            String padding,
            @Nullable String dataFormat) {
        int n = size.length;
        if (strides != null && !Arrays.equals(Convolutions.spread(strides, n, "strides"), size))
            throw new IllegalArgumentException("reconstruct_patches: strides must be the patch size "
                    + Arrays.toString(size) + ", got " + Arrays.toString(strides));
        boolean single = patches.rank() == n + 1;
        boolean first = Convolutions.channelsFirst(dataFormat);
        Tensor x = single ? Manipulation.expandDims(patches, 0) : patches;
        if (first) x = Convolutions.toLast(x);
        int pixels = 1;
        for (int s : size) pixels *= s;
        int channels = x.shape().last() / pixels;
        var split = new int[2 * n + 2];
        var order = new int[2 * n + 2];
        int[] whole = x.shape().with(-1, channels).dims();
        split[0] = x.shape().dim(0);
        split[2 * n + 1] = channels;
        order[2 * n + 1] = 2 * n + 1;
        for (int i = 0; i < n; i++) {
            split[1 + i] = x.shape().dim(1 + i);
            split[1 + n + i] = size[i];
            order[1 + 2 * i] = 1 + i;
            order[2 + 2 * i] = 1 + n + i;
            whole[1 + i] *= size[i];
        }
        Tensor grid = Primitives.transpose(Manipulation.reshape(x, split), order);
        Tensor y = fit(Primitives.reshape(grid, Shape.of(whole)), outputSize, padding);
        if (first) y = Convolutions.toFirst(y);
        return single ? Manipulation.squeeze(y, 0) : y;
    }

    /** Cuts what "same" padding had added, or adds the zeros that "valid" had left out. */
    private static Tensor fit(Tensor x, int[] outputSize, String padding) {
        Tensor y = x;
        for (int i = 0; i < outputSize.length; i++) {
            int surplus = y.shape().dim(1 + i) - outputSize[i];
            if (surplus < 0) {
                var high = new int[y.rank()];
                high[1 + i] = -surplus;
                y = Primitives.pad(y, new int[y.rank()], high);
            } else {
                int start = padding.equals("same") ? surplus / 2 : 0;
                y = Primitives.slice(y, 1 + i, start, outputSize[i]);
            }
        }
        return y;
    }

    // ---- filters ----------------------------------------------------------------------------------------------------

    private static double[] gaussian(int size, double sigma) {
        var kernel = new double[size];
        double sum = 0;
        for (int i = 0; i < size; i++) {
            double x = (i - (size - 1) / 2.0) / sigma;
            sum += kernel[i] = Math.exp(-0.5 * x * x);
        }
        for (int i = 0; i < size; i++) kernel[i] /= sum;
        return kernel;
    }

    /** Filters each channel of {@code [n, h, w, c]} with {@code kernel[rows * columns]}. */
    private static Tensor filtered(Tensor x, double[] kernel, int rows, int columns, String padding) {
        int channels = x.shape().last();
        Tensor k = Creation.array(kernel, x.dtype(), Shape.of(rows, columns, 1, 1));
        Tensor all = Primitives.broadcast(k, Shape.of(rows, columns, channels, 1));
        return Convolutions.depthwiseConv(x, all, new int[] {1}, padding, "channels_last", new int[] {1});
    }

    private static double[] outer(double[] rows, double[] columns) {
        var out = new double[rows.length * columns.length];
        for (int i = 0; i < out.length; i++) out[i] = rows[i / columns.length] * columns[i % columns.length];
        return out;
    }

    /** The first numbers of size and sigma belong to the columns, the second to the rows. */
    static Tensor gaussianBlur(Tensor images, int[] size, double[] sigma, @Nullable String dataFormat) {
        double[] kernel = outer(gaussian(size[1], sigma[1]), gaussian(size[0], sigma[0]));
        return batched("gaussian_blur", images, dataFormat, x -> filtered(x, kernel, size[1], size[0], "same"));
    }

    /** Likewise with sigmas that are computed, {@code sigma[2]}. */
    static Tensor gaussianBlur(Tensor images, int[] size, Tensor sigma, @Nullable String dataFormat) {
        return batched("gaussian_blur", images, dataFormat, x -> {
            Tensor rows = bell(size[1], K.cast(Primitives.slice(sigma, 0, 1, 1), x.dtype()));
            Tensor columns = bell(size[0], K.cast(Primitives.slice(sigma, 0, 0, 1), x.dtype()));
            return filtered(x, K.divide(rows, K.sum(rows)), K.divide(columns, K.sum(columns)));
        });
    }

    /** Blurs {@code [n, h, w, 1]} with a filter of {@code size} places that ends, as Keras's, at three sigmas. */
    static Tensor blurred(Tensor x, int size, Tensor sigma) {
        Tensor s = K.cast(sigma, x.dtype());
        Tensor kept = K.where(K.lessEqual(K.abs(places(size, s)), K.floor(K.multiply(3.0, s))), bell(size, s), 0.0);
        Tensor weights = K.divide(kept, K.sum(kept));
        return filtered(x, weights, weights);
    }

    private static Tensor places(int size, Tensor like) {
        var places = new double[size];
        for (int i = 0; i < size; i++) places[i] = i - (size - 1) / 2.0;
        return Creation.array(places, like.dtype(), Shape.of(size));
    }

    private static Tensor bell(int size, Tensor sigma) {
        return K.exp(K.multiply(-0.5, K.square(K.divide(places(size, sigma), sigma))));
    }

    private static Tensor filtered(Tensor x, Tensor rows, Tensor columns) {
        Tensor k = K.multiply(
                K.reshape(rows, rows.shape().size(), 1, 1, 1),
                K.reshape(columns, 1, columns.shape().size(), 1, 1));
        Tensor all = Primitives.broadcast(k, k.shape().with(2, x.shape().last()));
        return Convolutions.depthwiseConv(x, all, new int[] {1}, "same", "channels_last", new int[] {1});
    }

    /** Vertical and horizontal gradients on a new last axis. */
    static Tensor sobelEdges(Tensor images, @Nullable String dataFormat) {
        if (images.rank() != 4)
            throw new IllegalArgumentException("sobel_edges: expected 4 axes, got " + images.shape());
        double[] horizontal = {-1, 0, 1, -2, 0, 2, -1, 0, 1};
        double[] vertical = {-1, -2, -1, 0, 0, 0, 1, 2, 1};
        Tensor dy = batched("sobel_edges", images, dataFormat, x -> filtered(x, vertical, 3, 3, "same"));
        Tensor dx = batched("sobel_edges", images, dataFormat, x -> filtered(x, horizontal, 3, 3, "same"));
        return Manipulation.stack(List.of(dy, dx), -1);
    }

    /** The structural similarity of Wang et al. 2004, averaged over places and channels. */
    static Tensor ssim(
            Tensor image1,
            Tensor image2,
            double maxValue,
            int filterSize,
            double sigma,
            double k1,
            double k2,
            @Nullable String dataFormat) {
        check("ssim", image1);
        check("ssim", image2);
        boolean first = Convolutions.channelsFirst(dataFormat);
        Tensor a = lastFloat(image1, first);
        Tensor b = lastFloat(image2, first);
        double[] window = outer(gaussian(filterSize, sigma), gaussian(filterSize, sigma));
        UnaryOperator<Tensor> blur = x -> filtered(x, window, filterSize, filterSize, "valid");
        Tensor meanA = blur.apply(a);
        Tensor meanB = blur.apply(b);
        Tensor squareA = Primitives.mul(meanA, meanA);
        Tensor squareB = Primitives.mul(meanB, meanB);
        Tensor product = Primitives.mul(meanA, meanB);
        Tensor varianceA = Primitives.sub(blur.apply(Primitives.mul(a, a)), squareA);
        Tensor varianceB = Primitives.sub(blur.apply(Primitives.mul(b, b)), squareB);
        Tensor covariance = Primitives.sub(blur.apply(Primitives.mul(a, b)), product);
        double c1 = k1 * maxValue * k1 * maxValue;
        double c2 = k2 * maxValue * k2 * maxValue;
        Tensor above = Primitives.mul(
                Primitives.shift(Primitives.scale(product, 2), c1),
                Primitives.shift(Primitives.scale(covariance, 2), c2));
        Tensor below = Primitives.mul(
                Primitives.shift(Primitives.add(squareA, squareB), c1),
                Primitives.shift(Primitives.add(varianceA, varianceB), c2));
        Tensor mean = Reductions.mean(Primitives.div(above, below), new int[] {1, 2, 3}, false);
        return Primitives.cast(image1.rank() == 3 ? Manipulation.squeeze(mean, 0) : mean, image1.dtype());
    }

    private static Tensor lastFloat(Tensor image, boolean channelsFirst) {
        Tensor x = Arithmetic.toFloat(image.rank() == 3 ? Manipulation.expandDims(image, 0) : image);
        return channelsFirst ? Convolutions.toLast(x) : x;
    }
}
