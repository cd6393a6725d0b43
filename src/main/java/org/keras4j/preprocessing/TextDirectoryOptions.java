package org.keras4j.preprocessing;

import org.jspecify.annotations.Nullable;

/** The keyword arguments of {@code text_dataset_from_directory}; each default is Keras's. */
public final class TextDirectoryOptions extends DirectoryOptions<TextDirectoryOptions> {
    @Nullable
    Integer maxLength;

    TextDirectoryOptions() {}

    /** Sets how many characters of a text are kept; all if not set. */
    public TextDirectoryOptions maxLength(int maxLength) {
        if (maxLength < 0) throw new IllegalArgumentException("max_length must be 0 or more, got " + maxLength);
        this.maxLength = maxLength;
        return this;
    }
}
