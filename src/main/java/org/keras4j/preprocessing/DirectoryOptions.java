package org.keras4j.preprocessing;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code image_dataset_from_directory} and {@code text_dataset_from_directory} have in common; each default is
 * Keras's.
 *
 * @param <O> the options themselves
 */
public abstract class DirectoryOptions<O extends DirectoryOptions<O>> {
    /** How labels are given. */
    enum LabelMode {
        INT,
        CATEGORICAL,
        BINARY
    }

    /** Which part of a split is wanted. */
    enum Subset {
        TRAINING,
        VALIDATION
    }

    int @Nullable [] labels;

    @Nullable
    LabelMode labelMode = LabelMode.INT;

    @Nullable
    List<String> classNames;

    int batchSize = 32;
    boolean shuffle = true;

    @Nullable
    Integer seed;

    double validationSplit = 0;

    @Nullable
    Subset subset;

    boolean followLinks = false;

    DirectoryOptions() {}

    @SuppressWarnings("unchecked") // the two subclasses give themselves as O
    private O self() {
        return (O) this;
    }

    /** Gives the labels, one for each file in the order of their paths, instead of taking the names of the folders. */
    public O labels(int... labels) {
        this.labels = labels.clone();
        return self();
    }

    /**
     * Sets what labels are: {@code "int"} for int32 {@code (n)}, {@code "categorical"} for one-hot float32 {@code (n,
     * classes)}, {@code "binary"} for 0 and 1 in float32 {@code (n, 1)}, null for none.
     */
    public O labelMode(@Nullable String labelMode) {
        this.labelMode = labelMode == null ? null : EnumNames.of(LabelMode.class, "label_mode", labelMode);
        return self();
    }

    /** Gives the folders that are classes, in the order of the labels; all in alphabetical order if not set. */
    public O classNames(String... classNames) {
        this.classNames = List.of(classNames);
        return self();
    }

    public O batchSize(int batchSize) {
        this.batchSize = batchSize;
        return self();
    }

    /** Says whether the files are shuffled, before they are split and in each epoch; otherwise they are sorted. */
    public O shuffle(boolean shuffle) {
        this.shuffle = shuffle;
        return self();
    }

    /** Sets what the order follows from; the same seed splits files as Keras does in Python. */
    public O seed(int seed) {
        this.seed = seed;
        return self();
    }

    /** Keeps this fraction of the files for validation. */
    public O validationSplit(double validationSplit) {
        if (!(validationSplit > 0 && validationSplit < 1))
            throw new IllegalArgumentException("validation_split must be between 0 and 1, got " + validationSplit);
        this.validationSplit = validationSplit;
        return self();
    }

    /** Says which part of a split is wanted, {@code "training"} or {@code "validation"}. */
    public O subset(String subset) {
        this.subset = EnumNames.of(Subset.class, "subset", subset);
        return self();
    }

    /** Says whether folders behind symbolic links are visited. */
    public O followLinks(boolean followLinks) {
        this.followLinks = followLinks;
        return self();
    }
}
