package org.keras4j.saving.hdf5;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** An element type that files can hold, with the Java array that carries it: unsigned and 16-bit floats as raw bits. */
public enum ElementType {
    BOOL("bool", 1),
    INT8("int8", 1),
    UINT8("uint8", 1),
    INT16("int16", 2),
    UINT16("uint16", 2),
    INT32("int32", 4),
    UINT32("uint32", 4),
    INT64("int64", 8),
    UINT64("uint64", 8),
    FLOAT16("float16", 2),
    BFLOAT16("bfloat16", 2),
    FLOAT32("float32", 4),
    FLOAT64("float64", 8);

    private final String dtype;
    private final int bytes;

    ElementType(String dtype, int bytes) {
        this.dtype = dtype;
        this.bytes = bytes;
    }

    /** Returns Keras's name of the type, such as {@code float32}. */
    public String dtype() {
        return dtype;
    }

    /** Returns the size of one element in bytes. */
    public int bytes() {
        return bytes;
    }

    /** Returns the type that Keras calls {@code dtype}, or null if files have no such type. */
    public static @Nullable ElementType of(String dtype) {
        for (ElementType type : values()) if (type.dtype.equals(dtype)) return type;
        return null;
    }

    /** Returns whether the type is a signed or unsigned integer. */
    public boolean isInteger() {
        return switch (this) {
            case INT8, UINT8, INT16, UINT16, INT32, UINT32, INT64, UINT64 -> true;
            case BOOL, FLOAT16, BFLOAT16, FLOAT32, FLOAT64 -> false;
        };
    }

    /** Returns a zeroed Java array of {@code count} elements. */
    public Object allocate(int count) {
        return switch (this) {
            case BOOL -> new boolean[count];
            case INT8, UINT8 -> new byte[count];
            case INT16, UINT16, FLOAT16, BFLOAT16 -> new short[count];
            case INT32, UINT32 -> new int[count];
            case INT64, UINT64 -> new long[count];
            case FLOAT32 -> new float[count];
            case FLOAT64 -> new double[count];
        };
    }

    /** Returns the length of {@code array} if it is the Java array of this type, or -1. */
    public int lengthOf(Object array) {
        return switch (this) {
            case BOOL -> array instanceof boolean[] a ? a.length : -1;
            case INT8, UINT8 -> array instanceof byte[] a ? a.length : -1;
            case INT16, UINT16, FLOAT16, BFLOAT16 -> array instanceof short[] a ? a.length : -1;
            case INT32, UINT32 -> array instanceof int[] a ? a.length : -1;
            case INT64, UINT64 -> array instanceof long[] a ? a.length : -1;
            case FLOAT32 -> array instanceof float[] a ? a.length : -1;
            case FLOAT64 -> array instanceof double[] a ? a.length : -1;
        };
    }

    /** Copies {@code count} elements from {@code in}, in the buffer's byte order, to {@code array} at {@code at}. */
    public void read(ByteBuffer in, Object array, int at, int count) {
        ByteOrder order = in.order();
        ByteBuffer part =
                in.slice(in.position(), Math.multiplyExact(count, bytes)).order(order);
        in.position(in.position() + part.limit());
        switch (this) {
            case BOOL -> {
                boolean[] a = (boolean[]) array;
                for (int i = 0; i < count; i++) a[at + i] = part.get(i) != 0;
            }
            case INT8, UINT8 -> part.get((byte[]) array, at, count);
            case INT16, UINT16, FLOAT16, BFLOAT16 -> part.asShortBuffer().get((short[]) array, at, count);
            case INT32, UINT32 -> part.asIntBuffer().get((int[]) array, at, count);
            case INT64, UINT64 -> part.asLongBuffer().get((long[]) array, at, count);
            case FLOAT32 -> part.asFloatBuffer().get((float[]) array, at, count);
            case FLOAT64 -> part.asDoubleBuffer().get((double[]) array, at, count);
        }
    }

    /** Copies {@code count} elements of {@code array} from {@code at} to {@code out}, in the buffer's byte order. */
    public void write(Object array, int at, int count, ByteBuffer out) {
        ByteOrder order = out.order();
        ByteBuffer part =
                out.slice(out.position(), Math.multiplyExact(count, bytes)).order(order);
        out.position(out.position() + part.limit());
        switch (this) {
            case BOOL -> {
                boolean[] a = (boolean[]) array;
                for (int i = 0; i < count; i++) part.put(i, (byte) (a[at + i] ? 1 : 0));
            }
            case INT8, UINT8 -> part.put((byte[]) array, at, count);
            case INT16, UINT16, FLOAT16, BFLOAT16 -> part.asShortBuffer().put((short[]) array, at, count);
            case INT32, UINT32 -> part.asIntBuffer().put((int[]) array, at, count);
            case INT64, UINT64 -> part.asLongBuffer().put((long[]) array, at, count);
            case FLOAT32 -> part.asFloatBuffer().put((float[]) array, at, count);
            case FLOAT64 -> part.asDoubleBuffer().put((double[]) array, at, count);
        }
    }
}
