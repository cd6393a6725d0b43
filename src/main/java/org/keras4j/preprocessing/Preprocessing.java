package org.keras4j.preprocessing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.StringArray;
import org.keras4j.models.Batch;

/** Data sets of directories and of series, as {@code keras.preprocessing} and {@code keras.utils} make them. */
public final class Preprocessing {
    private static final List<String> PICTURES = List.of(".bmp", ".gif", ".jpeg", ".jpg", ".png");
    private static final List<String> TEXTS = List.of(".txt");

    private Preprocessing() {}

    /** Makes a data set of the pictures in the folders of a directory, one folder for each class. */
    public static Dataset imageDatasetFromDirectory(Path directory) {
        return imageDatasetFromDirectory(directory, options -> {});
    }

    /**
     * Makes a data set of pictures, read and resized when they are wanted, two batches ahead ({@link Dataset#prefetch}
     * sets another number): x of float32 {@code (n, height, width, channels)} from 0 to 255, y as the label mode says.
     *
     * @throws IllegalArgumentException if there are no pictures, or the options do not fit each other or the directory
     */
    public static Dataset imageDatasetFromDirectory(Path directory, Consumer<ImageDirectoryOptions> options) {
        ImageDirectoryOptions o = images(options);
        return DirectoryIndex.of(directory, o, PICTURES).dataset(directory, o, PICTURES, files -> pictures(files, o));
    }

    /** Makes the data sets of training and of validation at once, as Keras's subset "both". */
    public static Dataset.Parts imageDatasetsFromDirectory(Path directory, Consumer<ImageDirectoryOptions> options) {
        ImageDirectoryOptions o = images(options);
        return both(directory, o, PICTURES, files -> pictures(files, o));
    }

    private static ImageDirectoryOptions images(Consumer<ImageDirectoryOptions> options) {
        var o = new ImageDirectoryOptions();
        options.accept(o);
        o.check();
        return o;
    }

    private static Dataset.Parts both(
            Path directory, DirectoryOptions<?> o, List<String> endings, DirectoryIndex.Reader reader) {
        if (o.validationSplit == 0 || o.subset != null)
            throw new IllegalArgumentException("Both parts of a split: expected validation_split, and no subset");
        DirectoryIndex index = DirectoryIndex.of(directory, o, endings);
        return new Dataset.Parts(
                index.dataset(directory, o, DirectoryOptions.Subset.TRAINING, endings, reader),
                index.dataset(directory, o, DirectoryOptions.Subset.VALIDATION, endings, reader));
    }

    private static NDArray pictures(List<Path> files, ImageDirectoryOptions o) {
        int channels = o.colorMode.channels;
        boolean first = Image.isChannelsFirst(o.dataFormat);
        Shape one = first ? Shape.of(channels, o.height, o.width) : Shape.of(o.height, o.width, channels);
        NDArray out = NDArray.zeros(DType.FLOAT32, one.insert(0, files.size()));
        int at = 0;
        for (Path file : files) {
            try {
                NDArray picture = o.resized(Pixels.of(Pixels.read(file), channels));
                NDArray placed = first ? Image.channelsFirst(picture) : picture;
                System.arraycopy(placed.data(), 0, out.data(), at, placed.size());
                at += placed.size();
            } catch (IOException e) {
                throw new UncheckedIOException(e.getMessage() == null ? file.toString() : e.getMessage(), e);
            }
        }
        return out;
    }

    /** Makes a data set of the texts in the folders of a directory, one folder for each class. */
    public static Dataset textDatasetFromDirectory(Path directory) {
        return textDatasetFromDirectory(directory, options -> {});
    }

    /**
     * Makes a data set of {@code .txt} files in UTF-8, read when they are wanted: x of strings {@code (n)}, y as the
     * label mode says.
     *
     * @throws IllegalArgumentException if there are no texts, or the options do not fit each other or the directory
     */
    public static Dataset textDatasetFromDirectory(Path directory, Consumer<TextDirectoryOptions> options) {
        TextDirectoryOptions o = new TextDirectoryOptions();
        options.accept(o);
        return DirectoryIndex.of(directory, o, TEXTS).dataset(directory, o, TEXTS, files -> texts(files, o.maxLength));
    }

    /** Makes the data sets of training and of validation at once, as Keras's subset "both". */
    public static Dataset.Parts textDatasetsFromDirectory(Path directory, Consumer<TextDirectoryOptions> options) {
        TextDirectoryOptions o = new TextDirectoryOptions();
        options.accept(o);
        return both(directory, o, TEXTS, files -> texts(files, o.maxLength));
    }

    private static StringArray texts(List<Path> files, @Nullable Integer maxLength) {
        var texts = new String[files.size()];
        for (int i = 0; i < texts.length; i++) {
            try {
                // malformed bytes become U+FFFD: one bad file in many is no reason to stop
                String text = new String(Files.readAllBytes(files.get(i)), StandardCharsets.UTF_8);
                texts[i] = maxLength == null || text.codePointCount(0, text.length()) <= maxLength
                        ? text
                        : text.substring(0, text.offsetByCodePoints(0, maxLength));
            } catch (IOException e) {
                throw new UncheckedIOException(files.get(i) + ": the text cannot be read", e);
            }
        }
        return StringArray.of(Shape.of(texts.length), texts);
    }

    /** Makes a data set of the sequences in a series, see the method with options. */
    public static Dataset timeseriesDatasetFromArray(Object data, @Nullable Object targets, int sequenceLength) {
        return timeseriesDatasetFromArray(data, targets, sequenceLength, options -> {});
    }

    /**
     * Makes a data set of sequences out of a series.
     *
     * @param data the series, an NDArray or a Java array with the steps along the first axis
     * @param targets for each step the label of the sequence that begins there, or null for none
     * @param sequenceLength the steps of a sequence: x is {@code (n, sequenceLength, ...)}
     * @throws IllegalArgumentException if the options do not fit the length of the series
     */
    public static Dataset timeseriesDatasetFromArray(
            Object data, @Nullable Object targets, int sequenceLength, Consumer<TimeseriesOptions> options) {
        var o = new TimeseriesOptions();
        options.accept(o);
        NDArray steps = data instanceof NDArray a ? a : NDArray.of(data);
        NDArray labels = targets == null ? null : targets instanceof NDArray a ? a : NDArray.of(targets);
        if (sequenceLength <= 0)
            throw new IllegalArgumentException("sequence_length must be positive, got " + sequenceLength);
        int length = steps.shape().dim(0);
        o.check(length);
        int start = o.startIndex == null ? 0 : o.startIndex;
        int end = o.endIndex == null ? length : o.endIndex;
        int starts = Math.max(0, end - start - (sequenceLength - 1) * o.samplingRate);
        if (labels != null) starts = Math.min(starts, labels.shape().dim(0));
        int count = Math.ceilDiv(starts, o.sequenceStride);
        if (labels != null
                && count > 0
                && start + (count - 1) * o.sequenceStride >= labels.shape().dim(0))
            throw new IllegalArgumentException("Expected a target for step " + (start + (count - 1) * o.sequenceStride)
                    + ", got " + labels.shape().dim(0) + " targets");
        Dataset made = Dataset.ofRows(count, chosen -> {
                    var begin = new int[chosen.length];
                    for (int i = 0; i < begin.length; i++) begin[i] = start + chosen[i] * o.sequenceStride;
                    NDArray x = sequences(steps, begin, sequenceLength, o.samplingRate);
                    return new Batch(x, labels == null ? null : labels.rows(begin), null);
                })
                .batch(o.batchSize);
        if (!o.shuffle) return made;
        return o.seed == null ? made.shuffle() : made.shuffle(o.seed);
    }

    private static NDArray sequences(NDArray steps, int[] begin, int length, int rate) {
        var rows = new int[begin.length * length];
        for (int i = 0; i < begin.length; i++)
            for (int k = 0; k < length; k++) rows[i * length + k] = begin[i] + k * rate;
        Shape shape = Shape.of(begin.length, length).concat(steps.shape().from(1));
        return steps.rows(rows).reshape(shape);
    }
}
