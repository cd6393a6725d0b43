package org.keras4j;

import java.util.Arrays;
import java.util.Locale;

/** The element type of a tensor, named as in Keras. */
public enum DType {
    BOOL(Storage.INT, Kind.BOOLEAN, 1),
    UINT8(Storage.INT, Kind.UNSIGNED, 8),
    UINT16(Storage.INT, Kind.UNSIGNED, 16),
    UINT32(Storage.LONG, Kind.UNSIGNED, 32),
    INT8(Storage.INT, Kind.SIGNED, 8),
    INT16(Storage.INT, Kind.SIGNED, 16),
    INT32(Storage.INT, Kind.SIGNED, 32),
    INT64(Storage.LONG, Kind.SIGNED, 64),
    FLOAT16(Storage.FLOAT, Kind.FLOATING, 16),
    BFLOAT16(Storage.FLOAT, Kind.FLOATING, 16),
    FLOAT32(Storage.FLOAT, Kind.FLOATING, 32),
    FLOAT64(Storage.DOUBLE, Kind.FLOATING, 64);

    private enum Kind {
        BOOLEAN,
        UNSIGNED,
        SIGNED,
        FLOATING
    }

    private final Storage storage;
    private final Kind kind;
    private final int bits;

    DType(Storage storage, Kind kind, int bits) {
        this.storage = storage;
        this.kind = kind;
        this.bits = bits;
    }

    /** Returns the type called {@code name} in Keras, such as {@code "float32"} or {@code "int64"}. */
    public static DType of(String name) {
        for (DType type : values()) if (type.keras().equals(name)) return type;
        throw new IllegalArgumentException("Unknown dtype \"" + name + "\"; known: "
                + Arrays.stream(values()).map(DType::keras).toList());
    }

    /** Returns the Keras name, such as {@code "float32"}. */
    public String keras() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the kind of array that holds the elements of this type on the host, and that they are computed in. */
    public Storage storage() {
        return storage;
    }

    /** Returns the number of bits that an element has in a file or in Keras; 1 for bool. */
    public int bits() {
        return bits;
    }

    public boolean isFloating() {
        return kind == Kind.FLOATING;
    }

    /** Says whether this is a signed or unsigned integer type; bool is not. */
    public boolean isInteger() {
        return kind == Kind.SIGNED || kind == Kind.UNSIGNED;
    }

    public boolean isUnsigned() {
        return kind == Kind.UNSIGNED;
    }

    /** Says whether values are kept in a wider array and must be rounded to this type after each operation. */
    public boolean isNarrow() {
        return this == FLOAT16 || this == BFLOAT16 || (storage == Storage.INT && this != INT32) || this == UINT32;
    }

    /** Rounds to the nearest value of a floating type (ties to even), or wraps around as an integer type does. */
    public double round(double value) {
        return switch (this) {
            case FLOAT64 -> value;
            case FLOAT32 -> (float) value;
            case FLOAT16 -> Float.float16ToFloat(Float.floatToFloat16((float) value));
            case BFLOAT16 -> bfloat16((float) value);
            case BOOL -> value != 0 ? 1 : 0;
            case UINT8, UINT16, UINT32, INT8, INT16, INT32, INT64 -> wrap((long) value);
        };
    }

    /** Wraps {@code value} into the range of this integer type, two's complement; bool becomes 0 or 1. */
    public long wrap(long value) {
        return switch (this) {
            case BOOL -> value != 0 ? 1 : 0;
            case UINT8 -> value & 0xff;
            case UINT16 -> value & 0xffff;
            case UINT32 -> value & 0xffff_ffffL;
            case INT8 -> (byte) value;
            case INT16 -> (short) value;
            case INT32 -> (int) value;
            case INT64 -> value;
            case FLOAT16, BFLOAT16, FLOAT32, FLOAT64 -> throw new IllegalArgumentException(keras() + " does not wrap");
        };
    }

    /** Rounds to the nearest bfloat16 (upper half of a float32), ties to even. */
    public static float bfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        if ((bits & 0x7fff_ffff) > 0x7f80_0000) return Float.intBitsToFloat((bits | 0x0040_0000) & 0xffff_0000);
        bits += 0x7fff + ((bits >>> 16) & 1);
        return Float.intBitsToFloat(bits & 0xffff_0000);
    }

    @Override
    public String toString() {
        return keras();
    }
}
