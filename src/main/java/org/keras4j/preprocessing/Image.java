package org.keras4j.preprocessing;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Consumer;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.keras4j.Config;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;

/**
 * Pictures in files and arrays, as {@code keras.preprocessing.image}. What is a PIL image there is a {@link
 * BufferedImage} here. Java's ImageIO reads BMP, GIF, JPEG and PNG files; this class needs the module {@code
 * java.desktop} where a Java is put together from modules.
 */
public final class Image {
    private Image() {}

    /** Reads a picture as RGB in its own size. */
    public static BufferedImage loadImg(Path path) {
        return loadImg(path, options -> {});
    }

    /**
     * Reads a picture.
     *
     * @throws UncheckedIOException if there is no such file, or it is not a picture
     */
    public static BufferedImage loadImg(Path path, Consumer<LoadImgOptions> options) {
        var o = new LoadImgOptions();
        options.accept(o);
        try {
            return Pixels.toImage(o.resized(Pixels.of(Pixels.read(path), o.colorMode.channels)));
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage() == null ? path.toString() : e.getMessage(), e);
        }
    }

    /**
     * Returns the pixels from 0 to 255 in floatx, {@code (height, width, channels)} or as the image data format says.
     */
    public static NDArray imgToArray(BufferedImage img) {
        return imgToArray(img, null, null);
    }

    /**
     * Returns the pixels from 0 to 255.
     *
     * @param dataFormat {@code "channels_last"}, {@code "channels_first"}, or null for that of {@link Config}
     * @param dtype null for floatx
     */
    public static NDArray imgToArray(BufferedImage img, @Nullable String dataFormat, @Nullable String dtype) {
        int bands = img.getColorModel().hasAlpha() ? 4 : img.getRaster().getNumBands() == 1 ? 1 : 3;
        if (bands == 1 && img.getColorModel() instanceof IndexColorModel) bands = 3;
        NDArray pixels = Pixels.of(img, bands).cast(DType.of(dtype == null ? Config.floatx() : dtype));
        return isChannelsFirst(dataFormat) ? channelsFirst(pixels) : pixels;
    }

    /** Makes a picture of a rank-3 array after scaling it to 0 to 255. */
    public static BufferedImage arrayToImg(NDArray x) {
        return arrayToImg(x, null, true);
    }

    /**
     * Makes a picture of a rank-3 array of 1 (grey), 3 (RGB) or 4 (with alpha) channels.
     *
     * @param scale whether the least value becomes 0 and the greatest 255; otherwise values are cut to whole numbers,
     *     which must be from 0 to 255
     */
    public static BufferedImage arrayToImg(NDArray x, @Nullable String dataFormat, boolean scale) {
        if (x.shape().rank() != 3)
            throw new IllegalArgumentException(
                    "Expected an image array of rank 3 (a single image), got shape " + x.shape());
        NDArray image = isChannelsFirst(dataFormat) ? channelsLast(x) : x;
        int channels = image.shape().dim(2);
        if (channels != 1 && channels != 3 && channels != 4)
            throw new IllegalArgumentException("Expected 1, 3 or 4 channels, got shape " + x.shape()
                    + " with data format " + (isChannelsFirst(dataFormat) ? "channels_first" : "channels_last"));
        return Pixels.toImage(bytes(image, scale));
    }

    private static NDArray bytes(NDArray image, boolean scale) {
        NDArray out = NDArray.zeros(DType.UINT8, image.shape());
        float least = Float.POSITIVE_INFINITY;
        float greatest = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < image.size(); i++) {
            least = Math.min(least, (float) image.get(i));
            greatest = Math.max(greatest, (float) image.get(i));
        }
        float span = greatest - least == 0 ? 1 : greatest - least;
        for (int i = 0; i < out.size(); i++) {
            // in float32, as NumPy computes it
            float value = (float) image.get(i);
            if (scale) value = (value - least) / span * 255;
            else if (!(value > -1 && value < 256))
                throw new IllegalArgumentException("Without scale, pixels must be from 0 to 255, got " + value);
            out.set(i, Math.clamp((int) value, 0, 255));
        }
        return out;
    }

    /** Writes an array as a picture after scaling it to 0 to 255; the file's name says its format. */
    public static void saveImg(Path path, NDArray x) {
        saveImg(path, x, null, null, true);
    }

    /**
     * Writes an array as a picture.
     *
     * @param fileFormat {@code "png"}, {@code "jpeg"}, {@code "bmp"} or {@code "gif"}; null for what the name ends
     *     with. JPEG and BMP files lose the alpha channel
     */
    public static void saveImg(
            Path path, NDArray x, @Nullable String dataFormat, @Nullable String fileFormat, boolean scale) {
        String name = path.toString();
        String format = fileFormat != null ? fileFormat : name.substring(name.lastIndexOf('.') + 1);
        format = format.toLowerCase(Locale.ROOT);
        BufferedImage image = arrayToImg(x, dataFormat, scale);
        boolean isOpaqueFormat = format.equals("jpg") || format.equals("jpeg") || format.equals("bmp");
        if (isOpaqueFormat && image.getColorModel().hasAlpha()) image = Pixels.toImage(Pixels.of(image, 3));
        try {
            if (!ImageIO.write(image, format, path.toFile()))
                throw new IllegalArgumentException(
                        path + ": expected a picture format such as png, jpeg, bmp or gif, got \"" + format + "\"");
        } catch (IOException e) {
            throw new UncheckedIOException(path + ": the picture cannot be written", e);
        }
    }

    /** Resizes by bilinear interpolation, see {@link #smartResize(NDArray, int, int, String, String)}. */
    public static NDArray smartResize(NDArray x, int height, int width) {
        return smartResize(x, height, width, "bilinear", "channels_last");
    }

    /**
     * Cuts out the largest middle part of the target's aspect ratio and resizes it, to float32.
     *
     * @param x an image of rank 3, or a batch of rank 4
     * @param interpolation bilinear, nearest, bicubic, area, lanczos3, lanczos5, gaussian or mitchellcubic
     */
    public static NDArray smartResize(NDArray x, int height, int width, String interpolation, String dataFormat) {
        int rank = x.shape().rank();
        if (rank != 3 && rank != 4)
            throw new IllegalArgumentException(
                    "Expected an image (height, width, channels) or a batch of them, got shape " + x.shape());
        Resampler filter = EnumNames.of(Resampler.class, "interpolation", interpolation);
        boolean first = isChannelsFirst(dataFormat);
        int count = rank == 4 ? x.shape().dim(0) : 1;
        Shape one = rank == 4 ? x.shape().from(1) : x.shape();
        int channels = one.dim(first ? 0 : 2);
        Shape target = first ? Shape.of(channels, height, width) : Shape.of(height, width, channels);
        NDArray out = NDArray.zeros(DType.FLOAT32, target.insert(0, count));
        for (int i = 0; i < count; i++) {
            NDArray image = rank == 4 ? x.rows(i, i + 1).reshape(one) : x;
            NDArray last = first ? channelsLast(image) : image;
            NDArray part = cropped(last, crop(last.shape(), height, width));
            NDArray resized = filter.resize(part, height, width);
            NDArray placed = first ? channelsFirst(resized) : resized;
            System.arraycopy(placed.data(), 0, out.data(), i * placed.size(), placed.size());
        }
        return rank == 4 ? out : out.reshape(target);
    }

    /** Cuts whole pixels out of an array, so that nothing beyond them counts. */
    static NDArray cropped(NDArray image, Resampler.Box part) {
        int top = (int) part.top();
        int left = (int) part.left();
        int height = (int) part.bottom() - top;
        int width = (int) part.right() - left;
        int channels = image.shape().dim(2);
        NDArray out = NDArray.zeros(image.dtype(), Shape.of(height, width, channels));
        for (int y = 0; y < height; y++)
            System.arraycopy(
                    image.data(),
                    ((top + y) * image.shape().dim(1) + left) * channels,
                    out.data(),
                    y * width * channels,
                    width * channels);
        return out;
    }

    /** Returns the largest middle part of an image (height, width, channels) that has the target's aspect ratio. */
    static Resampler.Box crop(Shape image, int height, int width) {
        int rows = image.dim(0);
        int columns = image.dim(1);
        int cropHeight = Math.clamp((long) ((double) columns * height / width), 1, rows);
        int cropWidth = Math.clamp((long) ((double) rows * width / height), 1, columns);
        int top = (rows - cropHeight) / 2;
        int left = (columns - cropWidth) / 2;
        return new Resampler.Box(left, top, left + cropWidth, top + cropHeight);
    }

    static boolean isChannelsFirst(@Nullable String dataFormat) {
        String format = dataFormat == null ? Config.imageDataFormat() : dataFormat;
        return switch (format) {
            case "channels_first" -> true;
            case "channels_last" -> false;
            default ->
                throw new IllegalArgumentException(
                        "data_format must be \"channels_last\" or \"channels_first\", got \"" + format + "\"");
        };
    }

    static NDArray channelsFirst(NDArray image) {
        return transposed(
                        image,
                        image.shape().dim(0) * image.shape().dim(1),
                        image.shape().dim(2))
                .reshape(Shape.of(
                        image.shape().dim(2),
                        image.shape().dim(0),
                        image.shape().dim(1)));
    }

    private static NDArray channelsLast(NDArray image) {
        return transposed(
                        image,
                        image.shape().dim(0),
                        image.shape().dim(1) * image.shape().dim(2))
                .reshape(Shape.of(
                        image.shape().dim(1),
                        image.shape().dim(2),
                        image.shape().dim(0)));
    }

    private static NDArray transposed(NDArray matrix, int rows, int columns) {
        NDArray out = NDArray.zeros(matrix.dtype(), Shape.of(columns, rows));
        for (int r = 0; r < rows; r++)
            for (int c = 0; c < columns; c++) out.set(c * rows + r, matrix.get(r * columns + c));
        return out;
    }
}
