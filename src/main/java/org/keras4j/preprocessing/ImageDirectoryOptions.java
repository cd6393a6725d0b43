package org.keras4j.preprocessing;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.keras4j.NDArray;
import org.keras4j.Shape;

/** The keyword arguments of {@code image_dataset_from_directory}; each default is Keras's. */
public final class ImageDirectoryOptions extends DirectoryOptions<ImageDirectoryOptions> {
    private static final Set<Resampler> FILTERS = EnumSet.of(
            Resampler.BILINEAR,
            Resampler.NEAREST,
            Resampler.BICUBIC,
            Resampler.AREA,
            Resampler.LANCZOS3,
            Resampler.LANCZOS5,
            Resampler.GAUSSIAN,
            Resampler.MITCHELLCUBIC);

    LoadImgOptions.ColorMode colorMode = LoadImgOptions.ColorMode.RGB;
    int height = 256;
    int width = 256;
    private Resampler interpolation = Resampler.BILINEAR;
    private boolean cropToAspectRatio = false;
    private boolean padToAspectRatio = false;

    @Nullable
    String dataFormat;

    ImageDirectoryOptions() {}

    /** Sets what a pixel is made of: {@code "grayscale"}, {@code "rgb"} or {@code "rgba"}. */
    public ImageDirectoryOptions colorMode(String colorMode) {
        this.colorMode = EnumNames.of(LoadImgOptions.ColorMode.class, "color_mode", colorMode);
        return this;
    }

    /** Sets the size that all pictures get. */
    public ImageDirectoryOptions imageSize(int height, int width) {
        if (height <= 0 || width <= 0)
            throw new IllegalArgumentException("image_size must be positive, got (" + height + ", " + width + ")");
        this.height = height;
        this.width = width;
        return this;
    }

    /** Sets how: bilinear, nearest, bicubic, area, lanczos3, lanczos5, gaussian or mitchellcubic. */
    public ImageDirectoryOptions interpolation(String interpolation) {
        Resampler filter = EnumNames.of(Resampler.class, "interpolation", interpolation.toLowerCase(Locale.ROOT));
        if (!FILTERS.contains(filter))
            throw new IllegalArgumentException("interpolation must be one of "
                    + FILTERS.stream().map(EnumNames::name).toList() + ", got \"" + interpolation + "\"");
        this.interpolation = filter;
        return this;
    }

    /** Says whether pictures lose what does not fit the aspect ratio, instead of being distorted. */
    public ImageDirectoryOptions cropToAspectRatio(boolean crop) {
        cropToAspectRatio = crop;
        return this;
    }

    /** Says whether pictures get a black frame to fit the aspect ratio, instead of being distorted. */
    public ImageDirectoryOptions padToAspectRatio(boolean pad) {
        padToAspectRatio = pad;
        return this;
    }

    /** Sets where the channels are; as {@code Config.imageDataFormat} says if not set. */
    public ImageDirectoryOptions dataFormat(String dataFormat) {
        Image.isChannelsFirst(dataFormat);
        this.dataFormat = dataFormat;
        return this;
    }

    void check() {
        if (cropToAspectRatio && padToAspectRatio)
            throw new IllegalArgumentException("Only one of crop_to_aspect_ratio and pad_to_aspect_ratio can be set");
    }

    /** Returns the picture of uint8 (height, width, channels) in its size, in float32. */
    NDArray resized(NDArray pixels) {
        Shape shape = pixels.shape();
        if (cropToAspectRatio)
            return interpolation.resize(Image.cropped(pixels, Image.crop(shape, height, width)), height, width);
        return padToAspectRatio ? padded(pixels) : interpolation.resize(pixels, height, width);
    }

    private NDArray padded(NDArray pixels) {
        float ratio = Math.max(
                (float) pixels.shape().dim(1) / width, (float) pixels.shape().dim(0) / height);
        float exactRows = pixels.shape().dim(0) / ratio;
        float exactColumns = pixels.shape().dim(1) / ratio;
        int rows = Math.max(1, (int) exactRows);
        int columns = Math.max(1, (int) exactColumns);
        NDArray inner = interpolation.resize(pixels, rows, columns);
        int channels = pixels.shape().dim(2);
        var out = new float[height * width * channels];
        // the frame is what the exact size leaves
        int top = (int) Math.max(0, (height - exactRows) / 2);
        int left = (int) Math.max(0, (width - exactColumns) / 2);
        for (int y = 0; y < rows; y++)
            System.arraycopy(
                    inner.data(),
                    y * columns * channels,
                    out,
                    ((top + y) * width + left) * channels,
                    columns * channels);
        return NDArray.of(Shape.of(height, width, channels), out);
    }
}
