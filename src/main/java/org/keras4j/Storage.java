package org.keras4j;

/**
 * The kind of memory that elements are kept in. On the host, narrow types live in the next wider kind of array, rounded
 * after each operation.
 */
public enum Storage {
    /** float32; on the host also float16 and bfloat16. */
    FLOAT(4),
    /** The 16 bits of a float16 or a bfloat16, on devices that keep them so; never the host's. */
    HALF(2),
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
