package org.keras4j.ops;

import org.jspecify.annotations.Nullable;

/** Python's {@code slice(start, stop, step)}: null bounds are open, negative ones count from the end. */
public record Slice(
        @Nullable Integer start,
        @Nullable Integer stop,
        @Nullable Integer step) {
    /** The whole axis. */
    public static final Slice ALL = new Slice(null, null, null);

    /** Returns {@code start:stop}. */
    public static Slice of(@Nullable Integer start, @Nullable Integer stop) {
        return new Slice(start, stop, null);
    }
}
