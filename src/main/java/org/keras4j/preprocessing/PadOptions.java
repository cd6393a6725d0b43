package org.keras4j.preprocessing;

import org.jspecify.annotations.Nullable;
import org.keras4j.DType;

/** The keyword arguments of {@code pad_sequences}; each default is Keras's. */
public final class PadOptions {
    /** A side of a sequence. */
    enum End {
        PRE,
        POST
    }

    @Nullable
    Integer maxlen;

    DType dtype = DType.INT32;
    End padding = End.PRE;
    End truncating = End.PRE;
    double value = 0;

    PadOptions() {}

    /** Sets the length of all; that of the longest one if not set. */
    public PadOptions maxlen(int maxlen) {
        if (maxlen < 0) throw new IllegalArgumentException("maxlen must be 0 or more, got " + maxlen);
        this.maxlen = maxlen;
        return this;
    }

    public PadOptions dtype(String dtype) {
        this.dtype = DType.of(dtype);
        return this;
    }

    /** Sets where short sequences are filled up: {@code "pre"} or {@code "post"}. */
    public PadOptions padding(String padding) {
        this.padding = EnumNames.of(End.class, "padding", padding);
        return this;
    }

    /** Sets where long sequences lose steps: {@code "pre"} or {@code "post"}. */
    public PadOptions truncating(String truncating) {
        this.truncating = EnumNames.of(End.class, "truncating", truncating);
        return this;
    }

    /** Sets what short sequences are filled with. */
    public PadOptions value(double value) {
        this.value = value;
        return this;
    }
}
