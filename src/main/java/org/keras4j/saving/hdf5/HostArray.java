package org.keras4j.saving.hdf5;

import java.util.Arrays;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;

/** An array as a file holds it: element type, shape and the flat Java array with the values, in row-major order. */
public final class HostArray {
    private final ElementType type;
    private final int[] shape;
    private final Object data;

    private HostArray(ElementType type, int[] shape, Object data) {
        this.type = type;
        this.shape = shape;
        this.data = data;
    }

    /**
     * Wraps a flat Java array, which is not copied.
     *
     * @throws IllegalArgumentException if the Java array is not the type's or its length is not the shape's size
     */
    public static HostArray of(ElementType type, int[] shape, Object data) {
        long size = sizeOf(shape);
        int length = type.lengthOf(data);
        if (length != size)
            throw new IllegalArgumentException("Expected the Java array of " + type.dtype() + " with " + size
                    + " elements for shape " + Arrays.toString(shape) + ", got "
                    + data.getClass().getSimpleName() + (length < 0 ? "" : " of length " + length));
        return new HostArray(type, shape.clone(), data);
    }

    /** Wraps {@code data} as float32 of the given shape. */
    public static HostArray of(float[] data, int... shape) {
        return of(ElementType.FLOAT32, shape, data);
    }

    /** Wraps {@code data} as float64 of the given shape. */
    public static HostArray of(double[] data, int... shape) {
        return of(ElementType.FLOAT64, shape, data);
    }

    /** Wraps {@code data} as int32 of the given shape. */
    public static HostArray of(int[] data, int[] shape) {
        return of(ElementType.INT32, shape, data);
    }

    /** Wraps {@code data} as int64 of the given shape. */
    public static HostArray of(long[] data, int... shape) {
        return of(ElementType.INT64, shape, data);
    }

    /**
     * Takes an array of the library's, without a copy where the form is the same; float16 and bfloat16 become the raw
     * bits that a file holds.
     */
    public static HostArray of(NDArray array) {
        ElementType type = ElementType.of(array.dtype().keras());
        if (type == null)
            throw new IllegalArgumentException("Files hold no " + array.dtype().keras());
        if (type.lengthOf(array.data()) >= 0 && !array.dtype().isNarrow())
            return new HostArray(type, array.shape().dims(), array.data());
        Object data = type.allocate(array.size());
        for (int i = 0; i < array.size(); i++) {
            switch (type) {
                case BOOL -> ((boolean[]) data)[i] = array.getLong(i) != 0;
                case INT8, UINT8 -> ((byte[]) data)[i] = (byte) array.getLong(i);
                case INT16, UINT16 -> ((short[]) data)[i] = (short) array.getLong(i);
                case INT32, UINT32 -> ((int[]) data)[i] = (int) array.getLong(i);
                case INT64, UINT64 -> ((long[]) data)[i] = array.getLong(i);
                case FLOAT16 -> ((short[]) data)[i] = Float.floatToFloat16((float) array.get(i));
                case BFLOAT16 -> ((short[]) data)[i] = (short) (Float.floatToRawIntBits((float) array.get(i)) >>> 16);
                case FLOAT32 -> ((float[]) data)[i] = (float) array.get(i);
                case FLOAT64 -> ((double[]) data)[i] = array.get(i);
            }
        }
        return new HostArray(type, array.shape().dims(), data);
    }

    /** Returns the values as an array of the library's; uint64, which it has not, becomes int64. */
    public NDArray toNDArray() {
        DType dtype = type == ElementType.UINT64 ? DType.INT64 : DType.of(type.dtype());
        Shape to = Shape.of(shape);
        return switch (dtype.storage()) {
            case HALF -> throw new AssertionError("HALF is for devices");
            case FLOAT -> NDArray.wrap(dtype, to, floats());
            case DOUBLE -> NDArray.wrap(dtype, to, doubles());
            case LONG -> NDArray.wrap(dtype, to, longs());
            case INT -> {
                var values = new int[size()];
                for (int i = 0; i < values.length; i++) values[i] = (int) longAt(i);
                yield NDArray.wrap(dtype, to, values);
            }
        };
    }

    /** Returns the number of elements of {@code shape}, which is 1 for no axes; throws when it passes a long. */
    public static long sizeOf(int[] shape) {
        long size = 1;
        for (int dim : shape) {
            if (dim < 0) throw new IllegalArgumentException("Expected axes >= 0, got shape " + Arrays.toString(shape));
            size = Math.multiplyExact(size, (long) dim);
        }
        return size;
    }

    /** Returns the element type. */
    public ElementType type() {
        return type;
    }

    /** Returns Keras's name of the element type. */
    public String dtype() {
        return type.dtype();
    }

    /** Returns a copy of the shape. */
    public int[] shape() {
        return shape.clone();
    }

    /** Returns the number of elements. */
    public int size() {
        return type.lengthOf(data);
    }

    /** Returns the flat Java array itself, in the form that {@link ElementType} says. */
    public Object data() {
        return data;
    }

    /** Returns the values as floats: the array itself if it is float32, otherwise a converted copy. */
    public float[] floats() {
        if (data instanceof float[] floats) return floats;
        float[] out = new float[size()];
        switch (type) {
            case FLOAT16 -> {
                short[] a = (short[]) data;
                for (int i = 0; i < out.length; i++) out[i] = Float.float16ToFloat(a[i]);
            }
            case BFLOAT16 -> {
                short[] a = (short[]) data;
                for (int i = 0; i < out.length; i++) out[i] = Float.intBitsToFloat(a[i] << 16);
            }
            case FLOAT64 -> {
                double[] a = (double[]) data;
                for (int i = 0; i < out.length; i++) out[i] = (float) a[i];
            }
            case BOOL, INT8, UINT8, INT16, UINT16, INT32, UINT32, INT64, UINT64, FLOAT32 -> {
                for (int i = 0; i < out.length; i++) out[i] = (float) doubleAt(i);
            }
        }
        return out;
    }

    /** Returns the values as doubles: the array itself if it is float64, otherwise a converted copy. */
    public double[] doubles() {
        if (data instanceof double[] doubles) return doubles;
        double[] out = new double[size()];
        for (int i = 0; i < out.length; i++) out[i] = doubleAt(i);
        return out;
    }

    /** Returns the values as longs, fractions cut off: the array itself if it is int64, otherwise a converted copy. */
    public long[] longs() {
        if (type == ElementType.INT64) return (long[]) data;
        long[] out = new long[size()];
        for (int i = 0; i < out.length; i++) out[i] = longAt(i);
        return out;
    }

    private double doubleAt(int i) {
        return switch (type) {
            case FLOAT16 -> Float.float16ToFloat(((short[]) data)[i]);
            case BFLOAT16 -> Float.intBitsToFloat(((short[]) data)[i] << 16);
            case FLOAT32 -> ((float[]) data)[i];
            case FLOAT64 -> ((double[]) data)[i];
            case UINT64 -> unsigned(((long[]) data)[i]);
            case BOOL, INT8, UINT8, INT16, UINT16, INT32, UINT32, INT64 -> longAt(i);
        };
    }

    private long longAt(int i) {
        return switch (type) {
            case BOOL -> ((boolean[]) data)[i] ? 1 : 0;
            case INT8 -> ((byte[]) data)[i];
            case UINT8 -> Byte.toUnsignedLong(((byte[]) data)[i]);
            case INT16 -> ((short[]) data)[i];
            case UINT16 -> Short.toUnsignedLong(((short[]) data)[i]);
            case INT32 -> ((int[]) data)[i];
            case UINT32 -> Integer.toUnsignedLong(((int[]) data)[i]);
            case INT64, UINT64 -> ((long[]) data)[i];
            case FLOAT16, BFLOAT16, FLOAT32, FLOAT64 -> (long) doubleAt(i);
        };
    }

    private static double unsigned(long bits) {
        // halving with the lost bit kept rounds to the same double as the exact value would
        return bits >= 0 ? bits : ((bits >>> 1) | (bits & 1)) * 2.0;
    }

    @Override
    public String toString() {
        return type.dtype() + Arrays.toString(shape);
    }
}
