package org.keras4j.ops;

import static org.keras4j.ops.Operations.add;
import static org.keras4j.ops.Operations.alias;

import org.jspecify.annotations.Nullable;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.utils.RandomSeeds;

/** Image operations by name. */
final class ImageEntries {
    private ImageEntries() {}

    static void register() {
        colours();
        borders();
        patches();
        resampling();
    }

    private static void colours() {
        add(
                "rgb_to_grayscale(images, data_format=None)",
                a -> Images.rgbToGrayscale(a.tensor("images"), a.optionalText("data_format")));
        add(
                "rgb_to_hsv(images, data_format=None)",
                a -> Images.rgbToHsv(a.tensor("images"), a.optionalText("data_format")));
        add(
                "hsv_to_rgb(images, data_format=None)",
                a -> Images.hsvToRgb(a.tensor("images"), a.optionalText("data_format")));
        add("gaussian_blur(images, kernel_size=None, sigma=None, data_format=None)", ImageEntries::gaussianBlur);
        add(
                "sobel_edges(images, data_format=None)",
                a -> Images.sobelEdges(a.tensor("images"), a.optionalText("data_format")));
        add(
                "ssim(image1, image2, max_val=1.0, filter_size=11, filter_sigma=1.5, k1=0.01, k2=0.03,"
                        + " data_format=None)",
                a -> Images.ssim(
                        a.tensor("image1"),
                        a.tensor("image2"),
                        a.real("max_val"),
                        a.integer("filter_size"),
                        a.real("filter_sigma"),
                        a.real("k1"),
                        a.real("k2"),
                        a.optionalText("data_format")));
    }

    private static void borders() {
        add(
                "pad_images(images, top_padding=None, left_padding=None, bottom_padding=None, right_padding=None, "
                        + "target_height=None, target_width=None, data_format=None)",
                a -> Images.pad(
                        a.tensor("images"),
                        two(a, "top_padding", "left_padding"),
                        two(a, "bottom_padding", "right_padding"),
                        two(a, "target_height", "target_width"),
                        a.optionalText("data_format")));
        add(
                "crop_images(images, top_cropping=None, left_cropping=None, bottom_cropping=None, right_cropping=None, "
                        + "target_height=None, target_width=None, data_format=None)",
                a -> Images.crop(
                        a.tensor("images"),
                        two(a, "top_cropping", "left_cropping"),
                        two(a, "bottom_cropping", "right_cropping"),
                        two(a, "target_height", "target_width"),
                        a.optionalText("data_format")));
    }

    private static @Nullable Integer[] two(Arguments a, String rows, String columns) {
        return new @Nullable Integer[] {a.optionalInteger(rows), a.optionalInteger(columns)};
    }

    private static void patches() {
        add("extract_patches(images, size, strides=None, dilation_rate=1, padding=\"valid\", data_format=None)", a -> {
            int[] size = a.ints("size");
            return patches(a, "images", size.length == 1 ? new int[] {size[0], size[0]} : size);
        });
        add(
                "extract_patches_3d(volumes, size, strides=None, dilation_rate=1, padding=\"valid\", data_format=None)",
                a -> patches(a, "volumes", Convolutions.spread(a.ints("size"), 3, "size")));
        add("reconstruct_patches(patches, size, output_size, strides=None, padding=\"valid\", data_format=None)", a -> {
            int[] output = a.ints("output_size");
            return Images.reconstructPatches(
                    a.tensor("patches"),
                    Convolutions.spread(a.ints("size"), output.length, "size"),
                    output,
                    a.optionalInts("strides"),
                    a.text("padding"),
                    a.optionalText("data_format"));
        });
        alias("reconstruct_patches", "reconstruct_patches_3d");
    }

    private static Tensor patches(Arguments a, String name, int[] size) {
        return Images.extractPatches(
                a.tensor(name),
                size,
                a.optionalInts("strides"),
                a.ints("dilation_rate"),
                a.text("padding"),
                a.optionalText("data_format"));
    }

    private static void resampling() {
        add(
                "resize(images, size, interpolation=\"bilinear\", antialias=False, crop_to_aspect_ratio=False, "
                        + "pad_to_aspect_ratio=False, fill_mode=\"constant\", fill_value=0.0, data_format=None)",
                a -> {
                    int[] size = Convolutions.spread(a.ints("size"), 2, "size");
                    if (!a.text("fill_mode").equals("constant")) throw a.wrong("fill_mode", "\"constant\"");
                    return Resampling.resize(
                            a.tensor("images"),
                            size[0],
                            size[1],
                            a.text("interpolation"),
                            a.flag("antialias"),
                            a.flag("crop_to_aspect_ratio"),
                            a.flag("pad_to_aspect_ratio"),
                            a.real("fill_value"),
                            a.optionalText("data_format"));
                });
        add(
                "scale_and_translate(images, output_shape, scale, translation, spatial_dims, method, antialias=True)",
                a -> Resampling.scaleAndTranslate(
                        a.tensor("images"),
                        a.ints("output_shape"),
                        a.ints("spatial_dims"),
                        a.tensor("scale"),
                        a.tensor("translation"),
                        a.text("method"),
                        a.flag("antialias")));
        add(
                "map_coordinates(inputs, coordinates, order, fill_mode=\"constant\", fill_value=0)",
                a -> Resampling.mapCoordinates(
                        a.tensor("inputs"),
                        a.tensor("coordinates"),
                        a.integer("order"),
                        a.text("fill_mode"),
                        a.real("fill_value")));
        add(
                "affine_transform(images, transform, interpolation=\"bilinear\", fill_mode=\"constant\", fill_value=0, "
                        + "data_format=None)",
                a -> Resampling.affine(
                        a.tensor("images"),
                        a.tensor("transform"),
                        a.text("interpolation"),
                        a.text("fill_mode"),
                        a.real("fill_value"),
                        a.optionalText("data_format")));
        add(
                "perspective_transform(images, start_points, end_points, interpolation=\"bilinear\", fill_value=0, "
                        + "data_format=None)",
                a -> Resampling.perspective(
                        a.tensor("images"),
                        a.tensor("start_points"),
                        a.tensor("end_points"),
                        a.text("interpolation"),
                        a.real("fill_value"),
                        a.optionalText("data_format")));
        add(
                "elastic_transform(images, alpha=20.0, sigma=5.0, interpolation=\"bilinear\", fill_mode=\"reflect\", "
                        + "fill_value=0.0, seed=None, data_format=None)",
                a -> Resampling.elastic(
                        a.tensor("images"),
                        scalar(a.real("alpha")),
                        scalar(a.real("sigma")),
                        a.real("sigma"),
                        a.text("interpolation"),
                        a.text("fill_mode"),
                        a.real("fill_value"),
                        seed(a),
                        a.optionalText("data_format")));
    }

    private static Tensor gaussianBlur(Arguments a) {
        int[] size = a.has("kernel_size") ? a.ints("kernel_size") : new int[] {3, 3};
        Tensor sigma = a.has("sigma") ? a.tensor("sigma") : K.constant(new float[] {1, 1});
        String format = a.optionalText("data_format");
        return sigma.hasValue() && !(a.get("sigma") instanceof Tensor)
                ? Images.gaussianBlur(a.tensor("images"), size, Resampling.numbers(sigma, "gaussian_blur"), format)
                : Images.gaussianBlur(a.tensor("images"), size, sigma, format);
    }

    private static Tensor scalar(double value) {
        return Tensor.of(NDArray.of((float) value));
    }

    /** A seed tensor, or a number that makes one. */
    private static Tensor seed(Arguments a) {
        if (a.get("seed") instanceof Tensor t && t.shape().equals(Shape.of(2))) return t;
        int number = a.has("seed") ? a.integer("seed") : RandomSeeds.next();
        return Tensor.of(NDArray.of(Shape.of(2), number, 0));
    }
}
