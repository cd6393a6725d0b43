package org.keras4j.backend.device;

import org.keras4j.backend.View;

/**
 * What a kernel is called with. There are no floating point arguments: numbers that are known when a kernel is
 * prepared go as the bits of a float ({@link #bits}) or into the source.
 */
public sealed interface Argument {
    /**
     * A place in memory: two arguments for the kernel, the buffer and the offset in elements (BUFFER in the dialects).
     */
    record Place(Buffer buffer, long offset) implements Argument {}

    /** An {@code int}. */
    record Int(int value) implements Argument {}

    /** A {@code long}. */
    record Long(long value) implements Argument {}

    static Place of(View view) {
        return new Place(((DeviceMemory) view.memory()).buffer(), view.offset());
    }

    static Int of(int value) {
        return new Int(value);
    }

    static Long of(long value) {
        return new Long(value);
    }

    /** Returns the bits of {@code value} as an int, which the kernel turns back with {@code as_float}. */
    static Int bits(float value) {
        return new Int(Float.floatToRawIntBits(value));
    }
}
