package org.keras4j.saving.hdf5;

import java.nio.charset.StandardCharsets;

/** Datatype messages of version 1, after "HDF5 File Format Specification Version 3.0", section IV.A.2.d. */
final class Datatypes {
    private static final int VERSION = 1 << 4;
    private static final int FIXED_POINT = 0;
    private static final int FLOATING_POINT = 1;
    private static final int STRING = 3;
    private static final int OPAQUE = 5;
    private static final int ENUMERATION = 8;
    private static final int VARIABLE_LENGTH = 9;
    private static final int NULL_PAD = 1;
    private static final int UTF_8 = 1;

    private Datatypes() {}

    static byte[] of(ElementType type) {
        return switch (type) {
            case BOOL -> bool();
            case INT8, INT16, INT32, INT64 -> integer(type.bytes(), true);
            case UINT8, UINT16, UINT32, UINT64 -> integer(type.bytes(), false);
            case FLOAT16 -> floating(2, 10, 5);
            case BFLOAT16 -> head(OPAQUE, 0, 0, 2).toArray();
            case FLOAT32 -> floating(4, 23, 8);
            case FLOAT64 -> floating(8, 52, 11);
        };
    }

    /** Strings of {@code length} bytes each, ASCII, filled up with zeros. */
    static byte[] fixedString(int length) {
        return head(STRING, NULL_PAD, 0, length).toArray();
    }

    /** Strings of any length, whose bytes lie in the global heap. */
    static byte[] heapString(boolean utf8) {
        int charset = utf8 ? UTF_8 : 0;
        return head(VARIABLE_LENGTH, 1, charset, GlobalHeap.REFERENCE_BYTES)
                .put(head(STRING, charset << 4, 0, 1).toArray())
                .toArray();
    }

    private static ByteSink head(int typeClass, int bits0, int bits8, int size) {
        return new ByteSink()
                .put1(VERSION | typeClass)
                .put1(bits0)
                .put1(bits8)
                .put1(0)
                .put4(size);
    }

    private static byte[] integer(int bytes, boolean signed) {
        return head(FIXED_POINT, signed ? 0x08 : 0, 0, bytes)
                .put2(0)
                .put2(bytes * 8)
                .toArray();
    }

    private static byte[] floating(int bytes, int mantissaBits, int exponentBits) {
        int impliedOne = 0x20;
        return head(FLOATING_POINT, impliedOne, bytes * 8 - 1, bytes)
                .put2(0)
                .put2(bytes * 8)
                .put1(mantissaBits)
                .put1(exponentBits)
                .put1(0)
                .put1(mantissaBits)
                .put4((1 << (exponentBits - 1)) - 1)
                .toArray();
    }

    /** Booleans the way NumPy users write them: an enumeration of two bytes. */
    private static byte[] bool() {
        return head(ENUMERATION, 2, 0, 1)
                .put(integer(1, true))
                .putPadded(terminated("FALSE"))
                .putPadded(terminated("TRUE"))
                .put1(0)
                .put1(1)
                .toArray();
    }

    static byte[] terminated(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return new ByteSink().put(utf8).put1(0).toArray();
    }
}
