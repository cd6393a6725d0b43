package org.keras4j.preprocessing;

import java.util.EnumSet;
import java.util.Set;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;

/** The keyword arguments of {@code load_img}; each default is Keras's. */
public final class LoadImgOptions {
    /** What a pixel is made of. */
    enum ColorMode {
        GRAYSCALE(1),
        RGB(3),
        RGBA(4);

        final int channels;

        ColorMode(int channels) {
            this.channels = channels;
        }
    }

    /** What Pillow offers. */
    private static final Set<Resampler> FILTERS = EnumSet.of(
            Resampler.NEAREST,
            Resampler.BILINEAR,
            Resampler.BICUBIC,
            Resampler.HAMMING,
            Resampler.BOX,
            Resampler.LANCZOS);

    ColorMode colorMode = ColorMode.RGB;
    private int height;
    private int width;
    private Resampler interpolation = Resampler.NEAREST;
    private boolean keepAspectRatio = false;

    LoadImgOptions() {}

    /** Sets what a pixel is made of: {@code "grayscale"}, {@code "rgb"} or {@code "rgba"}. */
    public LoadImgOptions colorMode(String colorMode) {
        this.colorMode = EnumNames.of(ColorMode.class, "color_mode", colorMode);
        return this;
    }

    /** Sets the size; that of the file if not set. */
    public LoadImgOptions targetSize(int height, int width) {
        if (height <= 0 || width <= 0)
            throw new IllegalArgumentException("target_size must be positive, got (" + height + ", " + width + ")");
        this.height = height;
        this.width = width;
        return this;
    }

    /** Sets how pictures are resized: nearest, bilinear, bicubic, hamming, box or lanczos, as Pillow does. */
    public LoadImgOptions interpolation(String interpolation) {
        Resampler filter = EnumNames.of(Resampler.class, "interpolation", interpolation);
        if (!FILTERS.contains(filter))
            throw new IllegalArgumentException("interpolation must be one of "
                    + FILTERS.stream().map(EnumNames::name).toList() + ", got \"" + interpolation + "\"");
        this.interpolation = filter;
        return this;
    }

    /** Says whether the middle part of the target's aspect ratio is resized, instead of the whole. */
    public LoadImgOptions keepAspectRatio(boolean keepAspectRatio) {
        this.keepAspectRatio = keepAspectRatio;
        return this;
    }

    NDArray resized(NDArray pixels) {
        Shape shape = pixels.shape();
        if (height == 0 || shape.dim(0) == height && shape.dim(1) == width) return pixels;
        Resampler.Box part = keepAspectRatio ? middle(shape) : Resampler.Box.all(shape.dim(0), shape.dim(1));
        if (shape.dim(2) < 4 || interpolation == Resampler.NEAREST)
            return interpolation.resizeBytes(pixels, height, width, part);
        return divided(interpolation.resizeBytes(multiplied(pixels), height, width, part));
    }

    private Resampler.Box middle(Shape shape) {
        int rows = shape.dim(0);
        int columns = shape.dim(1);
        int cropHeight = Math.min(rows, columns * height / width);
        int cropWidth = Math.min(columns, rows * width / height);
        int top = (rows - cropHeight) / 2;
        int left = (columns - cropWidth) / 2;
        return new Resampler.Box(left, top, left + cropWidth, top + cropHeight);
    }

    /** Returns colours times alpha, so that invisible ones do not shine through; rounded as Pillow does. */
    private static NDArray multiplied(NDArray pixels) {
        int[] data = pixels.ints().clone();
        for (int i = 0; i < data.length; i += 4)
            for (int c = 0; c < 3; c++) {
                int product = data[i + c] * data[i + 3] + 128;
                data[i + c] = (product + (product >> 8)) >> 8;
            }
        return NDArray.wrap(DType.UINT8, pixels.shape(), data);
    }

    private static NDArray divided(NDArray pixels) {
        int[] data = pixels.ints();
        for (int i = 0; i < data.length; i += 4) {
            int alpha = data[i + 3];
            if (alpha == 0 || alpha == 255) continue;
            for (int c = 0; c < 3; c++) data[i + c] = Math.min(255, 255 * data[i + c] / alpha);
        }
        return pixels;
    }
}
