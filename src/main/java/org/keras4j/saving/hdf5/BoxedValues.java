package org.keras4j.saving.hdf5;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** Turns what the HDF5 library makes of chunked and compact data back into the arrays of {@link ElementType}. */
final class BoxedValues {
    private BoxedValues() {}

    static Object flatten(ElementType type, @Nullable Object values, int count) {
        if (values == null) return type.allocate(count); // never written: the default fill value
        if (type.lengthOf(values) == count) return values;
        Object out = type.allocate(count);
        for (int i = 0; i < count; i++) set(type, out, i, elementAt(values, i));
        return out;
    }

    private static Object elementAt(Object values, int i) {
        return switch (values) {
            case byte[] a -> a[i];
            case short[] a -> a[i];
            case int[] a -> a[i];
            case long[] a -> a[i];
            case float[] a -> a[i];
            case double[] a -> a[i];
            case boolean[] a -> a[i];
            case Object[] a -> a[i];
            default -> values;
        };
    }

    private static void set(ElementType type, Object out, int i, Object value) {
        switch (type) {
            case BOOL -> ((boolean[]) out)[i] = value.equals("TRUE");
            case INT8, UINT8 -> ((byte[]) out)[i] = number(value).byteValue();
            case INT16, UINT16 -> ((short[]) out)[i] = number(value).shortValue();
            case INT32, UINT32 -> ((int[]) out)[i] = number(value).intValue();
            case INT64, UINT64 ->
                ((long[]) out)[i] = value instanceof BigInteger big
                        ? big.longValue()
                        : number(value).longValue();
            case FLOAT16 ->
                ((short[]) out)[i] = Float.floatToFloat16(number(value).floatValue());
            case BFLOAT16 -> throw new IllegalArgumentException("Expected bfloat16 as raw bytes");
            case FLOAT32 -> ((float[]) out)[i] = number(value).floatValue();
            case FLOAT64 -> ((double[]) out)[i] = number(value).doubleValue();
        }
    }

    private static Number number(Object value) {
        if (value instanceof Number number) return number;
        throw new IllegalArgumentException("Expected a number, got " + value);
    }
}
