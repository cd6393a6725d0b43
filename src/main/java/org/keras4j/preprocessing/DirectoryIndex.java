package org.keras4j.preprocessing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.models.Batch;
import org.keras4j.utils.RandomSeeds;
import org.keras4j.utils.RandomState;

/**
 * The files of a directory with their labels, in Keras's order.
 *
 * @param labels a class number for each file; empty where there are no labels
 */
record DirectoryIndex(List<Path> files, int[] labels, List<String> classNames) {
    /** Keras's greatest seed where none is given. */
    private static final int SEEDS = 1_000_000;

    /** Reads the batch of some files. */
    interface Reader {
        /** Returns the inputs. */
        Object read(List<Path> files);
    }

    static DirectoryIndex of(Path directory, DirectoryOptions<?> o, List<String> endings) {
        try {
            if (!Files.isDirectory(directory)) throw new NotDirectoryException(directory + ": expected a directory");
            return list(directory, o, endings);
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage() == null ? directory.toString() : e.getMessage(), e);
        }
    }

    private static DirectoryIndex list(Path directory, DirectoryOptions<?> o, List<String> endings) throws IOException {
        boolean inferred = o.labels == null && o.labelMode != null;
        if (!inferred && o.classNames != null)
            throw new IllegalArgumentException("class_names are for labels that folders give: leave out "
                    + (o.labels == null ? "label_mode(null)" : "labels") + " or class_names");
        if (!inferred) return withoutFolders(directory, o, files(directory, o.followLinks, endings));
        List<String> classes = o.classNames == null ? folders(directory) : o.classNames;
        if (o.classNames != null && !folders(directory).containsAll(classes))
            throw new IllegalArgumentException("class_names must be names of folders in " + directory + ", which has "
                    + folders(directory) + ", got " + classes);
        List<Path> all = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        for (int c = 0; c < classes.size(); c++)
            for (Path file : files(directory.resolve(classes.get(c)), o.followLinks, endings)) {
                all.add(file);
                labels.add(c);
            }
        return new DirectoryIndex(all, labels.stream().mapToInt(i -> i).toArray(), classes);
    }

    private static DirectoryIndex withoutFolders(Path directory, DirectoryOptions<?> o, List<Path> files) {
        if (o.labels == null || o.labelMode == null) return new DirectoryIndex(files, new int[0], List.of());
        if (o.labels.length != files.size())
            throw new IllegalArgumentException("Expected a label for each of the " + files.size() + " files in "
                    + directory + ", got " + o.labels.length);
        var classes = new TreeSet<Integer>();
        for (int label : o.labels) classes.add(label);
        return new DirectoryIndex(
                files, o.labels, classes.stream().map(String::valueOf).toList());
    }

    private static List<String> folders(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(Files::isDirectory)
                    .map(p -> p.getFileName().toString())
                    .filter(name -> !name.startsWith("."))
                    .sorted()
                    .toList();
        }
    }

    private static List<Path> files(Path root, boolean followLinks, List<String> endings) throws IOException {
        FileVisitOption[] links =
                followLinks ? new FileVisitOption[] {FileVisitOption.FOLLOW_LINKS} : new FileVisitOption[0];
        // the folder itself may be a link, as in Keras
        Path start = Files.isSymbolicLink(root) ? root.toRealPath(new LinkOption[0]) : root;
        try (Stream<Path> walk = Files.walk(start, links)) {
            return walk.filter(Files::isRegularFile)
                    .filter(p -> endsWith(p, endings))
                    .sorted(Comparator.<Path, String>comparing(p -> String.valueOf(p.getParent()))
                            .thenComparing(p -> p.getFileName().toString()))
                    .map(p -> start == root ? p : root.resolve(start.relativize(p)))
                    .toList();
        }
    }

    private static boolean endsWith(Path file, List<String> endings) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return endings.stream().anyMatch(name::endsWith);
    }

    /** Makes the data set of the part that the options ask for. */
    Dataset dataset(Path directory, DirectoryOptions<?> o, List<String> endings, Reader reader) {
        if ((o.validationSplit > 0) != (o.subset != null))
            throw new IllegalArgumentException("subset and validation_split are given together or not at all");
        return dataset(directory, o, o.subset, endings, reader);
    }

    /** Makes the data set of a part, or of all files. */
    Dataset dataset(
            Path directory,
            DirectoryOptions<?> o,
            DirectoryOptions.@Nullable Subset part,
            List<String> endings,
            Reader reader) {
        if (o.validationSplit > 0 && o.shuffle && o.seed == null)
            throw new IllegalArgumentException(
                    "validation_split with shuffle needs a seed, so that training and validation do not overlap");
        if (o.labelMode == DirectoryOptions.LabelMode.BINARY && classNames.size() != 2)
            throw new IllegalArgumentException("label_mode \"binary\" needs exactly 2 classes, got " + classNames);
        int seed = o.seed == null ? RandomSeeds.next() % SEEDS : o.seed;
        int[] order = new int[files.size()];
        for (int i = 0; i < order.length; i++) order[i] = i;
        if (o.shuffle) new RandomState(seed).shuffle(order);
        int validation = (int) (o.validationSplit * order.length);
        if (part == DirectoryOptions.Subset.TRAINING) order = Arrays.copyOf(order, order.length - validation);
        if (part == DirectoryOptions.Subset.VALIDATION)
            order = Arrays.copyOfRange(order, order.length - validation, order.length);
        if (order.length == 0)
            throw new IllegalArgumentException("No " + (part == null ? "" : EnumNames.name(part) + " ")
                    + "files found in " + directory + "; expected names that end with " + endings);
        Dataset made = ordered(order, o, reader).batch(o.batchSize).prefetch(2);
        // A validation set is not shuffled again: its order makes no difference.
        return o.shuffle && part != DirectoryOptions.Subset.VALIDATION ? made.shuffle(seed) : made;
    }

    private Dataset ordered(int[] order, DirectoryOptions<?> o, Reader reader) {
        List<Path> chosen = Arrays.stream(order).mapToObj(files::get).toList();
        int[] classes = labels.length == 0
                ? labels
                : Arrays.stream(order).map(i -> labels[i]).toArray();
        return Dataset.ofRows(chosen.size(), rows -> {
                    Object x = reader.read(
                            Arrays.stream(rows).mapToObj(chosen::get).toList());
                    return classes.length == 0 || o.labelMode == null
                            ? new Batch(x, null, null)
                            : new Batch(
                                    x,
                                    encode(
                                            Arrays.stream(rows)
                                                    .map(i -> classes[i])
                                                    .toArray(),
                                            o.labelMode));
                })
                .about(classNames, chosen);
    }

    private NDArray encode(int[] classes, DirectoryOptions.LabelMode mode) {
        return switch (mode) {
            case INT -> NDArray.of(Shape.of(classes.length), classes);
            case BINARY ->
                NDArray.of(Shape.of(classes.length), classes)
                        .cast(DType.FLOAT32)
                        .reshape(Shape.of(classes.length, 1));
            case CATEGORICAL -> {
                NDArray out = NDArray.zeros(DType.FLOAT32, Shape.of(classes.length, classNames.size()));
                for (int i = 0; i < classes.length; i++)
                    if (classes[i] >= 0 && classes[i] < classNames.size())
                        out.set(i * classNames.size() + classes[i], 1);
                yield out;
            }
        };
    }

    @Override
    public String toString() {
        return Map.of("files", files.size(), "classes", classNames).toString();
    }
}
