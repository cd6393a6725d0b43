package org.keras4j.applications;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.keras4j.Config;
import org.keras4j.DType;
import org.keras4j.KerasFileException;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What networks for ImageNet have in common: how images go in, and what their classes mean. */
public final class ImageNet {
    private static final Pretrained INDEX = Pretrained.of(
            "download.tensorflow.org/data", "imagenet_class_index.json", "c2c37ea517e94d9795004a39431a14cb");
    private static final int USUAL_TOP = 5;
    private static final long MAX_INDEX_BYTES = 1 << 20;
    private static final double[] RGB_MEAN = {0.485, 0.456, 0.406};
    private static final double[] RGB_DEVIATION = {0.229, 0.224, 0.225};
    private static final double[] BGR_MEAN = {103.939, 116.779, 123.68};

    private static volatile @Nullable List<Label> labels;

    private ImageNet() {}

    /**
     * One guess.
     *
     * @param className WordNet's number of the class, such as {@code "n02504458"}
     * @param classDescription its name in English, such as {@code "African_elephant"}
     */
    public record Prediction(String className, String classDescription, float score) {}

    record Label(String className, String classDescription) {}

    // ---- what goes in -----------------------------------------------------------------------------------------------

    /** Prepares images as {@link #preprocessInput(Object, String, String)}, in {@link Config#imageDataFormat}. */
    public static Tensor preprocessInput(Object x, String mode) {
        return preprocessInput(x, null, mode);
    }

    /**
     * Returns images with values from 0 to 255 as a network was trained on them, computed when they are read.
     *
     * @param x {@code [rows, columns, 3]} or {@code [batch, rows, columns, 3]} (or with channels first): a Tensor, an
     *     NDArray or a Java array; integers become {@link Config#floatx}
     * @param dataFormat {@code "channels_last"} or {@code "channels_first"}; null for {@link Config#imageDataFormat}
     * @param mode {@code "caffe"}: blue comes first, less ImageNet's mean of each channel; {@code "tf"}: from -1 to 1;
     *     {@code "torch"}: from 0 to 1, then less mean and by deviation of each channel
     */
    public static Tensor preprocessInput(Object x, @Nullable String dataFormat, String mode) {
        Tensor images = images(x);
        String format = dataFormat == null ? Config.imageDataFormat() : dataFormat;
        requireFormat(format);
        int axis = format.equals("channels_first") ? images.rank() - 3 : images.rank() - 1;
        return switch (mode) {
            case "tf" -> K.subtract(K.divide(images, 127.5), 1.0);
            case "torch" -> {
                Tensor centred = K.subtract(K.divide(images, 255.0), along(RGB_MEAN, axis, images));
                yield K.divide(centred, along(RGB_DEVIATION, axis, images));
            }
            case "caffe" -> K.subtract(K.flip(colours(images, axis), axis), along(BGR_MEAN, axis, images));
            default ->
                throw new IllegalArgumentException("mode must be \"caffe\", \"tf\" or \"torch\", got \"" + mode + "\"");
        };
    }

    /** Returns images for a network whose first layers prepare them: as they are, wherever their channels are. */
    static Tensor unchanged(Object x, @Nullable String dataFormat) {
        if (dataFormat != null) requireFormat(dataFormat);
        return tensor(x);
    }

    private static void requireFormat(String format) {
        if (!format.equals("channels_last") && !format.equals("channels_first"))
            throw new IllegalArgumentException(
                    "dataFormat must be \"channels_last\" or \"channels_first\", got \"" + format + "\"");
    }

    private static Tensor images(Object x) {
        Tensor given = tensor(x);
        if (given.rank() != 3 && given.rank() != 4)
            throw new IllegalArgumentException(
                    "expected images [rows, columns, 3] or [batch, rows, columns, 3], got shape " + given.shape());
        return given.dtype().isFloating() ? given : K.cast(given, DType.of(Config.floatx()));
    }

    private static Tensor tensor(Object x) {
        return switch (x) {
            case Tensor t -> t;
            case NDArray array -> Tensor.of(array);
            default -> Tensor.of(NDArray.of(x));
        };
    }

    private static Tensor colours(Tensor images, int axis) {
        if (images.shape().dim(axis) == 3) return images;
        throw new IllegalArgumentException("expected images with 3 channels, got shape " + images.shape());
    }

    /** Returns one number for each channel, in the images' dtype and with an axis of size 1 for each other axis. */
    private static Tensor along(double[] values, int axis, Tensor images) {
        colours(images, axis);
        int[] dims = new int[images.rank()];
        Arrays.fill(dims, 1);
        dims[axis] = values.length;
        NDArray vector = NDArray.zeros(images.dtype(), Shape.of(dims));
        for (int i = 0; i < values.length; i++) vector.set(i, values[i]);
        return Tensor.of(vector);
    }

    // ---- what comes out ---------------------------------------------------------------------------------------------

    /** Returns the five most probable classes of each image. */
    public static List<List<Prediction>> decodePredictions(NDArray predictions) {
        return decodePredictions(predictions, USUAL_TOP);
    }

    /**
     * Returns the {@code top} most probable classes of each image, the best first. Their names are in
     * {@code models/imagenet_class_index.json} of {@link Config#home}, where Keras keeps it and whence it is downloaded
     * if it is not there yet.
     *
     * @param predictions {@code [batch, 1000]}
     */
    public static List<List<Prediction>> decodePredictions(NDArray predictions, int top) {
        requireClasses(predictions);
        List<Label> known = labels;
        if (known == null) labels = known = read(INDEX.path());
        return decode(predictions, top, known);
    }

    private static void requireClasses(NDArray predictions) {
        Shape shape = predictions.shape();
        if (shape.rank() != 2 || shape.dim(1) != Application.IMAGENET_CLASSES)
            throw new IllegalArgumentException("expected predictions [batch, 1000], got shape " + shape);
    }

    static List<List<Prediction>> decode(NDArray predictions, int top, List<Label> labels) {
        int classes = predictions.shape().dim(1);
        List<List<Prediction>> all = new ArrayList<>();
        for (int row = 0; row < predictions.shape().dim(0); row++) {
            int start = row * classes;
            all.add(IntStream.range(0, classes)
                    .mapToObj(i -> new Prediction(
                            labels.get(i).className(), labels.get(i).classDescription(), (float)
                                    predictions.get(start + i)))
                    .sorted(Comparator.comparingDouble(Prediction::score).reversed())
                    .limit(top)
                    .toList());
        }
        return all;
    }

    /** Reads {@code {"0": ["n01440764", "tench"], ...}}. */
    static List<Label> read(Path index) {
        try {
            if (Files.size(index) > MAX_INDEX_BYTES)
                throw new KerasFileException(index.toString(), "", "is too large for an index of classes");
            JsonNode json = JsonMapper.shared().readTree(Files.readString(index));
            List<Label> found = new ArrayList<>();
            for (int i = 0; i < Application.IMAGENET_CLASSES; i++) {
                JsonNode entry = json.get(Integer.toString(i));
                if (entry == null || entry.size() != 2)
                    throw new KerasFileException(
                            index.toString(), "", "expected number and name of class " + i + ", got " + entry);
                found.add(new Label(entry.get(0).asString(), entry.get(1).asString()));
            }
            return found;
        } catch (IOException | JacksonException e) {
            throw new KerasFileException(index.toString(), "", "cannot be read: " + e.getMessage(), e);
        }
    }
}
