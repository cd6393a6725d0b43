package org.keras4j.saving.tensorflow;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.layers.KerasTensor;
import org.keras4j.ops.Slice;

/** Functions of images: resizing, cropping, pooling, convolution. Images have their channels last. */
final class ImageFunctions {
    private static final List<String> METHODS = List.of("bilinear", "nearest", "bicubic", "area");

    private ImageFunctions() {}

    static void register(Map<String, Function> all) {
        all.put("image.resize", (a, e) -> resized(a, method(a.get("method")), e));
        all.put("image.resize_with_crop_or_pad", ImageFunctions::croppedOrPadded);
        all.put("image.rgb_to_grayscale", (a, e) -> e.op("RGBToGrayscale", a.x()));
        all.put("image.flip_left_right", (a, e) -> e.op("Flip", Map.of("axis", -2), a.x()));
        all.put("image.flip_up_down", (a, e) -> e.op("Flip", Map.of("axis", -3), a.x()));
        all.put("image.adjust_brightness", (a, e) -> e.op("Add", a.x(), a.real("delta", 0)));
        all.put("image.per_image_standardization", ImageFunctions::standardized);
        all.put("image.central_crop", ImageFunctions::centralCrop);
        all.put(
                "image.crop_to_bounding_box",
                (a, e) -> cropped(
                        a.x(),
                        a.integer("offset_height"),
                        a.integer("offset_width"),
                        a.integer("target_height"),
                        a.integer("target_width"),
                        e));
        all.put("image.pad_to_bounding_box", ImageFunctions::padded);
        all.put("image.extract_patches", (a, e) -> {
            List<Integer> rates = a.ints("rates");
            return e.op(
                    "ExtractPatches",
                    Map.of(
                            "size",
                            a.ints("sizes").subList(1, 3),
                            "strides",
                            a.ints("strides").subList(1, 3),
                            "dilation_rate",
                            rates.get(1),
                            "padding",
                            padding(a)),
                    a.x());
        });
        all.put("space_to_depth", (a, e) -> e.op("SpaceToDepth", Map.of("block_size", a.integer("block_size")), a.x()));
        all.put("depth_to_space", (a, e) -> e.op("DepthToSpace", Map.of("block_size", a.integer("block_size")), a.x()));
        windows(all);
    }

    private static void windows(Map<String, Function> all) {
        for (String dims : List.of("", "1d", "2d", "3d")) {
            all.put("max_pool" + dims, (a, e) -> pooled("MaxPool", a, e));
            all.put("avg_pool" + dims, (a, e) -> pooled("AveragePool", a, e));
            all.put("conv" + dims, (a, e) -> convolved("Conv", a, e));
        }
        all.put("convolution", (a, e) -> convolved("Conv", a, e));
        all.put("depthwise_conv2d", (a, e) -> convolved("DepthwiseConv", a, e));
    }

    private static String method(@Nullable Object given) {
        Number number = Size.number(given);
        if (number != null) return METHODS.get(number.intValue());
        return given == null ? "bilinear" : String.valueOf(given).toLowerCase(Locale.ROOT);
    }

    private static Object resized(FunctionArguments a, String method, Emitter e) {
        if (method.equals("area") || a.bool("preserve_aspect_ratio") || a.bool("align_corners"))
            throw FunctionArguments.wrong(
                    "method", "bilinear, nearest or bicubic, not keeping the aspect ratio or the corners", method);
        Map<String, Object> how = new LinkedHashMap<>();
        how.put("size", a.ints("size"));
        how.put("interpolation", method);
        if (a.bool("antialias")) how.put("antialias", true);
        how.put("data_format", "channels_last");
        boolean keeps = method.equals("nearest");
        return e.op("Resize", how, keeps ? a.x() : e.cast(a.x(), floating(a.x().dtype())));
    }

    private static DType floating(DType dtype) {
        return dtype.isFloating() ? dtype : DType.FLOAT32;
    }

    /** Makes the mean of each image 0 and its variance 1; the deviation is at least that of one pixel in all. */
    private static Object standardized(FunctionArguments a, Emitter e) {
        KerasTensor x = e.cast(a.x(), floating(a.x().dtype()));
        Map<String, Object> how = Map.of("axis", List.of(-1, -2, -3), "keepdims", true);
        double least = 1 / Math.sqrt((double) side(x, -1) * side(x, -2) * side(x, -3));
        KerasTensor deviation = e.op("Maximum", e.op("Std", how, x), least);
        return e.op("TrueDivide", e.op("Subtract", x, e.op("Mean", how, x)), deviation);
    }

    /** Returns the size of an axis, which must be known; counted from the end. */
    private static int side(KerasTensor x, int axis) {
        int size = x.shape().dim(x.shape().rank() + axis);
        if (size == Shape.UNKNOWN) throw FunctionArguments.wrong("its first argument", "images of a known size", x);
        return size;
    }

    private static Object centralCrop(FunctionArguments a, Emitter e) {
        double fraction = a.real("central_fraction", 1);
        int height = side(a.x(), -3);
        int width = side(a.x(), -2);
        int top = (int) ((height - height * fraction) / 2);
        int left = (int) ((width - width * fraction) / 2);
        return cropped(a.x(), top, left, height - 2 * top, width - 2 * left, e);
    }

    private static KerasTensor cropped(KerasTensor x, int top, int left, int height, int width, Emitter e) {
        List<Object> key = new ArrayList<>();
        for (int axis = 3; axis < x.shape().rank(); axis++) key.add(Slice.ALL);
        key.add(Slice.of(top, top + height));
        key.add(Slice.of(left, left + width));
        return e.op("GetItem", x, key);
    }

    private static Object padded(FunctionArguments a, Emitter e) {
        int top = a.integer("offset_height");
        int left = a.integer("offset_width");
        int bottom = a.integer("target_height") - top - side(a.x(), -3);
        int right = a.integer("target_width") - left - side(a.x(), -2);
        return pad(a.x(), top, bottom, left, right, e);
    }

    private static KerasTensor pad(KerasTensor x, int top, int bottom, int left, int right, Emitter e) {
        List<Object> widths = new ArrayList<>();
        for (int axis = 3; axis < x.shape().rank(); axis++) widths.add(List.of(0, 0));
        widths.addAll(List.of(List.of(top, bottom), List.of(left, right), List.of(0, 0)));
        return e.op("Pad", Map.of("pad_width", widths, "mode", "constant"), x);
    }

    private static Object croppedOrPadded(FunctionArguments a, Emitter e) {
        int height = side(a.x(), -3);
        int width = side(a.x(), -2);
        int wantedHeight = a.integer("target_height");
        int wantedWidth = a.integer("target_width");
        KerasTensor cut = cropped(
                a.x(),
                Math.max(0, (height - wantedHeight) / 2),
                Math.max(0, (width - wantedWidth) / 2),
                Math.min(height, wantedHeight),
                Math.min(width, wantedWidth),
                e);
        int top = Math.max(0, (wantedHeight - height) / 2);
        int left = Math.max(0, (wantedWidth - width) / 2);
        int bottom = Math.max(0, wantedHeight - height) - top;
        int right = Math.max(0, wantedWidth - width) - left;
        return top + bottom + left + right == 0 ? cut : pad(cut, top, bottom, left, right, e);
    }

    private static String padding(FunctionArguments a) {
        return a.text("padding", "VALID").toLowerCase(Locale.ROOT);
    }

    /** Returns a number for each axis but the first and the last; a list may hold those two as well. */
    private static Object spatial(FunctionArguments a, String name, int otherwise) {
        if (!a.has(name)) return otherwise;
        List<Integer> values = a.ints(name);
        if (values.size() == a.x().shape().rank()) values = values.subList(1, values.size() - 1);
        // Keras runs some of its operations with single numbers only
        return Set.copyOf(values).size() == 1 ? values.getFirst() : values;
    }

    private static void requireChannelsLast(FunctionArguments a) {
        String format = a.text("data_format", "N...C");
        if (!format.endsWith("C")) throw FunctionArguments.wrong("data_format", "one with the channels last", format);
    }

    private static Object pooled(String className, FunctionArguments a, Emitter e) {
        requireChannelsLast(a);
        return e.op(
                className,
                Map.of(
                        "pool_size",
                        spatial(a, "ksize", 1),
                        "strides",
                        spatial(a, "strides", 1),
                        "padding",
                        padding(a),
                        "data_format",
                        "channels_last"),
                a.x());
    }

    private static Object convolved(String className, FunctionArguments a, Emitter e) {
        requireChannelsLast(a);
        Object kernel = e.operand(a.get("filters"), a.x().dtype());
        if (!(kernel instanceof KerasTensor) && !(kernel instanceof Tensor))
            throw FunctionArguments.wrong("filters", "a kernel", kernel);
        String dilation = a.has("dilations") ? "dilations" : "rate";
        return e.op(
                className,
                Map.of(
                        "strides",
                        spatial(a, "strides", 1),
                        "padding",
                        padding(a),
                        "dilation_rate",
                        spatial(a, dilation, 1),
                        "data_format",
                        "channels_last"),
                a.x(),
                kernel);
    }
}
