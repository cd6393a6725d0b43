package org.keras4j;

/** The kind of array that elements are kept in. Narrow types live in the next wider kind, rounded after each operation. */
public enum Storage {
    /** float32, float16 and bfloat16. */
    FLOAT(4),
    /** float64. */
    DOUBLE(8),
    /** bool and all integers of up to 32 bits but uint32. */
    INT(4),
    /** int64 and uint32. */
    LONG(8);

    private final int bytes;

    Storage(int bytes) {
        this.bytes = bytes;
    }

    /** Returns the bytes that an element takes. */
    public int bytes() {
        return bytes;
    }
}
