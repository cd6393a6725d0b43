package org.keras4j.ops;

import org.jspecify.annotations.Nullable;
import org.keras4j.graph.Tensor;

/**
 * Keras's image operations ({@code keras.ops.image}) on one image {@code [h, w, c]} or a batch {@code [n, h, w, c]};
 * with data format "channels_first", {@code [c, h, w]} or {@code [n, c, h, w]}. Data format null is {@link
 * K#imageDataFormat}.
 */
public final class Image {
    private Image() {}

    /** Resizes by "nearest", "bilinear", "bicubic", "lanczos3" or "lanczos5". */
    public static Tensor resize(
            Tensor images,
            int height,
            int width,
            String interpolation,
            boolean antialias,
            @Nullable String dataFormat) {
        return Resampling.resize(images, height, width, interpolation, antialias, false, false, 0, dataFormat);
    }

    /** Resizes after cutting out the middle part, or filling up, so that the aspect ratio stays. */
    public static Tensor resize(
            Tensor images,
            int height,
            int width,
            String interpolation,
            boolean antialias,
            boolean cropToAspectRatio,
            boolean padToAspectRatio,
            double fillValue,
            @Nullable String dataFormat) {
        return Resampling.resize(
                images,
                height,
                width,
                interpolation,
                antialias,
                cropToAspectRatio,
                padToAspectRatio,
                fillValue,
                dataFormat);
    }

    /** Makes chosen axes {@code scale} times as long and moves them, into {@code outputShape}. */
    public static Tensor scaleAndTranslate(
            Tensor images,
            int[] outputShape,
            Tensor scale,
            Tensor translation,
            int[] spatialDims,
            String method,
            boolean antialias) {
        return Resampling.scaleAndTranslate(images, outputShape, spatialDims, scale, translation, method, antialias);
    }

    /**
     * Reads place (a0 x + a1 y + a2, b0 x + b1 y + b2) for place (x, y); transforms {@code [8]} or {@code [n, 8]} are
     * a0, a1, a2, b0, b1, b2 and two zeros. Interpolation is "nearest" or "bilinear", fill mode "constant", "nearest",
     * "wrap", "mirror" or "reflect".
     */
    public static Tensor affineTransform(
            Tensor images,
            Tensor transform,
            String interpolation,
            String fillMode,
            double fillValue,
            @Nullable String dataFormat) {
        return Resampling.affine(images, transform, interpolation, fillMode, fillValue, dataFormat);
    }

    /** Moves four start points (x, y) to four end points, {@code [4, 2]} or {@code [n, 4, 2]}. */
    public static Tensor perspectiveTransform(
            Tensor images,
            Tensor startPoints,
            Tensor endPoints,
            String interpolation,
            double fillValue,
            @Nullable String dataFormat) {
        return Resampling.perspective(images, startPoints, endPoints, interpolation, fillValue, dataFormat);
    }

    /** Reads {@code inputs} of rank r at {@code coordinates[r, ...]}, with order 0 (nearest) or 1 (linear). */
    public static Tensor mapCoordinates(
            Tensor inputs, Tensor coordinates, int order, String fillMode, double fillValue) {
        return Resampling.mapCoordinates(inputs, coordinates, order, fillMode, fillValue);
    }

    /** Moves pixels by smoothed noise of {@code seed}, int32 of shape (2,). */
    public static Tensor elasticTransform(
            Tensor images,
            double alpha,
            double sigma,
            String interpolation,
            String fillMode,
            double fillValue,
            Tensor seed,
            @Nullable String dataFormat) {
        return elasticTransform(
                images,
                K.constant((float) alpha),
                K.constant((float) sigma),
                sigma,
                interpolation,
                fillMode,
                fillValue,
                seed,
                dataFormat);
    }

    /**
     * Moves pixels by smoothed noise, with a strength and a smoothness that are computed.
     *
     * @param sigma a scalar of at most {@code greatestSigma}, which the size of the filter follows
     */
    public static Tensor elasticTransform(
            Tensor images,
            Tensor alpha,
            Tensor sigma,
            double greatestSigma,
            String interpolation,
            String fillMode,
            double fillValue,
            Tensor seed,
            @Nullable String dataFormat) {
        return Resampling.elastic(
                images, alpha, sigma, greatestSigma, interpolation, fillMode, fillValue, seed, dataFormat);
    }

    /** Returns blocks of 2 or 3 spatial axes as vectors in place of the channels; strides null are the size. */
    public static Tensor extractPatches(
            Tensor images,
            int[] size,
            int @Nullable [] strides,
            int[] dilationRate,
            String padding,
            @Nullable String dataFormat) {
        return Images.extractPatches(images, size, strides, dilationRate, padding, dataFormat);
    }

    /** Smooths with a Gaussian; the first numbers belong to the columns, the second to the rows. */
    public static Tensor gaussianBlur(Tensor images, int[] kernelSize, double[] sigma, @Nullable String dataFormat) {
        return Images.gaussianBlur(images, kernelSize, sigma, dataFormat);
    }

    /** Returns vertical and horizontal gradients on a new last axis. */
    public static Tensor sobelEdges(Tensor images, @Nullable String dataFormat) {
        return Images.sobelEdges(images, dataFormat);
    }

    /** Returns the structural similarity of images or batches (Wang et al. 2004) with Keras's defaults. */
    public static Tensor ssim(Tensor image1, Tensor image2, double maxValue, @Nullable String dataFormat) {
        return Images.ssim(image1, image2, maxValue, 11, 1.5, 0.01, 0.03, dataFormat);
    }

    /** Returns the brightness, as one channel. */
    public static Tensor rgbToGrayscale(Tensor images, @Nullable String dataFormat) {
        return Images.rgbToGrayscale(images, dataFormat);
    }

    /** Converts colours of floats from 0 to 1 to hue, saturation and value. */
    public static Tensor rgbToHsv(Tensor images, @Nullable String dataFormat) {
        return Images.rgbToHsv(images, dataFormat);
    }

    /** Undoes {@link #rgbToHsv}. */
    public static Tensor hsvToRgb(Tensor images, @Nullable String dataFormat) {
        return Images.hsvToRgb(images, dataFormat);
    }

    /** Puts zeros around: rows before and after, columns before and after. */
    public static Tensor padImages(
            Tensor images, int top, int bottom, int left, int right, @Nullable String dataFormat) {
        return Images.pad(
                images, new Integer[] {top, left}, new Integer[] {bottom, right}, new @Nullable Integer[2], dataFormat);
    }

    /** Cuts off: rows before and after, columns before and after. */
    public static Tensor cropImages(
            Tensor images, int top, int bottom, int left, int right, @Nullable String dataFormat) {
        return Images.crop(
                images, new Integer[] {top, left}, new Integer[] {bottom, right}, new @Nullable Integer[2], dataFormat);
    }
}
