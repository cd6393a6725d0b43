package org.keras4j;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Numbers on the host: a dtype, a shape and one row-major Java array. What a program gives to a model and gets back.
 *
 * <p>float16 and bfloat16 are kept as {@code float[]}, narrow integers and bool as {@code int[]}, uint32 as
 * {@code long[]} (see {@link Storage}). The array is not copied on the way in unless a method says so.
 */
public final class NDArray {
    private final DType dtype;
    private final Shape shape;
    private final Object data;

    private NDArray(DType dtype, Shape shape, Object data, int length) {
        if (length != shape.size())
            throw new IllegalArgumentException(
                    "Shape " + shape + " needs " + shape.size() + " elements, got " + length);
        this.dtype = dtype;
        this.shape = shape;
        this.data = data;
    }

    /** Returns zeros. */
    public static NDArray zeros(DType dtype, Shape shape) {
        int n = shape.size();
        Object data = switch (dtype.storage()) {
            case FLOAT -> new float[n];
            case HALF -> throw new AssertionError("HALF is for devices");
            case DOUBLE -> new double[n];
            case INT -> new int[n];
            case LONG -> new long[n];
        };
        return new NDArray(dtype, shape, data, n);
    }

    /** Returns an array filled with {@code value}, rounded to the dtype. */
    public static NDArray full(DType dtype, Shape shape, double value) {
        NDArray array = zeros(dtype, shape);
        double rounded = dtype.round(value);
        switch (array.data) {
            case float[] f -> Arrays.fill(f, (float) rounded);
            case double[] d -> Arrays.fill(d, rounded);
            case int[] i -> Arrays.fill(i, (int) rounded);
            case long[] l -> Arrays.fill(l, (long) rounded);
            default -> throw new AssertionError();
        }
        return array;
    }

    /** Wraps an array of the dtype's {@link Storage}; values must already be in the dtype's range. */
    public static NDArray wrap(DType dtype, Shape shape, Object data) {
        int length = switch (data) {
            case float[] f when dtype.storage() == Storage.FLOAT -> f.length;
            case double[] d when dtype.storage() == Storage.DOUBLE -> d.length;
            case int[] i when dtype.storage() == Storage.INT -> i.length;
            case long[] l when dtype.storage() == Storage.LONG -> l.length;
            default ->
                throw new IllegalArgumentException(dtype + " is kept as " + dtype.storage() + ", got "
                        + data.getClass().getSimpleName());
        };
        return new NDArray(dtype, shape, data, length);
    }

    public static NDArray of(Shape shape, float... values) {
        return new NDArray(DType.FLOAT32, shape, values, values.length);
    }

    public static NDArray of(Shape shape, double... values) {
        return new NDArray(DType.FLOAT64, shape, values, values.length);
    }

    public static NDArray of(Shape shape, int... values) {
        return new NDArray(DType.INT32, shape, values, values.length);
    }

    public static NDArray of(Shape shape, long... values) {
        return new NDArray(DType.INT64, shape, values, values.length);
    }

    /** Returns the bool array of {@code values}. */
    public static NDArray of(Shape shape, boolean... values) {
        var data = new int[values.length];
        for (int i = 0; i < data.length; i++) data[i] = values[i] ? 1 : 0;
        return new NDArray(DType.BOOL, shape, data, data.length);
    }

    /**
     * Copies a Java number, boolean or (nested, rectangular) array of them. float and double stay what they are, byte
     * and short and int become int32, long int64, boolean bool.
     */
    public static NDArray of(Object value) {
        return JavaArrays.read(value);
    }

    public DType dtype() {
        return dtype;
    }

    public Shape shape() {
        return shape;
    }

    public int size() {
        return shape.size();
    }

    /** Returns the backing array itself: {@code float[]}, {@code double[]}, {@code int[]} or {@code long[]}. */
    public Object data() {
        return data;
    }

    /** Returns element {@code index} in row-major order as a double. */
    public double get(int index) {
        return switch (data) {
            case float[] f -> f[index];
            case double[] d -> d[index];
            case int[] i -> i[index];
            case long[] l -> l[index];
            default -> throw new AssertionError();
        };
    }

    /** Returns element {@code index} in row-major order as a long; floats are truncated. */
    public long getLong(int index) {
        return data instanceof long[] l ? l[index] : (long) get(index);
    }

    /** Sets element {@code index}, rounded to the dtype. */
    public void set(int index, double value) {
        double rounded = dtype.round(value);
        switch (data) {
            case float[] f -> f[index] = (float) rounded;
            case double[] d -> d[index] = rounded;
            case int[] i -> i[index] = (int) rounded;
            case long[] l -> l[index] = (long) rounded;
            default -> throw new AssertionError();
        }
    }

    /** Returns the only element. */
    public double item() {
        if (size() != 1) throw new IllegalStateException("item() needs one element, shape is " + shape);
        return get(0);
    }

    /** Returns the elements as floats: the backing array itself where it is one, else a converted copy. */
    public float[] floats() {
        if (data instanceof float[] f) return f;
        var out = new float[size()];
        for (int i = 0; i < out.length; i++) out[i] = (float) get(i);
        return out;
    }

    /** Returns the elements as doubles: the backing array itself where it is one, else a converted copy. */
    public double[] doubles() {
        if (data instanceof double[] d) return d;
        var out = new double[size()];
        for (int i = 0; i < out.length; i++) out[i] = get(i);
        return out;
    }

    /** Returns the elements as ints: the backing array itself where it is one, else a converted (truncated) copy. */
    public int[] ints() {
        if (data instanceof int[] i) return i;
        var out = new int[size()];
        for (int i = 0; i < out.length; i++) out[i] = (int) getLong(i);
        return out;
    }

    /** Returns the elements as longs: the backing array itself where it is one, else a converted (truncated) copy. */
    public long[] longs() {
        if (data instanceof long[] l) return l;
        var out = new long[size()];
        for (int i = 0; i < out.length; i++) out[i] = getLong(i);
        return out;
    }

    /** Returns a copy as rows; the shape must have two axes. */
    public float[][] floats2d() {
        if (shape.rank() != 2) throw new IllegalStateException("floats2d() needs two axes, shape is " + shape);
        int columns = shape.dim(1);
        float[] all = floats();
        var rows = new float[shape.dim(0)][];
        for (int r = 0; r < rows.length; r++) rows[r] = Arrays.copyOfRange(all, r * columns, (r + 1) * columns);
        return rows;
    }

    /**
     * Returns nested Java arrays of the storage's type, such as {@code float[][][]}, or a boxed number for a scalar.
     */
    public Object toArray() {
        return JavaArrays.write(this);
    }

    /** Returns the same elements under another shape; the array is shared. */
    public NDArray reshape(Shape to) {
        return new NDArray(dtype, to, data, size());
    }

    /** Returns this array if it has the dtype, else a converted copy; float to integer truncates. */
    public NDArray cast(DType to) {
        if (to == dtype) return this;
        NDArray out = zeros(to, shape);
        boolean exact = !dtype.isFloating() && !to.isFloating();
        for (int i = 0; i < size(); i++) {
            if (exact && out.data instanceof long[] l) l[i] = to.wrap(getLong(i));
            else if (exact && out.data instanceof int[] ints) ints[i] = (int) to.wrap(getLong(i));
            else out.set(i, get(i));
        }
        return out;
    }

    /** Returns a copy that shares nothing. */
    public NDArray copy() {
        NDArray out = zeros(dtype, shape);
        System.arraycopy(data, 0, out.data, 0, size());
        return out;
    }

    /** Copies the rows {@code from} (inclusive) to {@code to} (exclusive) of the first axis. */
    public NDArray rows(int from, int to) {
        int row = shape.size() == 0 ? 0 : (int) shape.size(1, shape.rank());
        NDArray out = zeros(dtype, shape.with(0, to - from));
        System.arraycopy(data, from * row, out.data, 0, (to - from) * row);
        return out;
    }

    /** Copies the rows of the first axis that {@code indices} name, in that order. */
    public NDArray rows(int[] indices) {
        int row = (int) shape.size(1, shape.rank());
        NDArray out = zeros(dtype, shape.with(0, indices.length));
        for (int i = 0; i < indices.length; i++) System.arraycopy(data, indices[i] * row, out.data, i * row, row);
        return out;
    }

    /** Says whether dtype, shape and each element are the same; NaN equals NaN, 0.0 does not equal -0.0. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof NDArray a
                && a.dtype == dtype
                && a.shape.equals(shape)
                && switch (data) {
                    case float[] f -> Arrays.equals(f, (float[]) a.data);
                    case double[] d -> Arrays.equals(d, (double[]) a.data);
                    case int[] i -> Arrays.equals(i, (int[]) a.data);
                    case long[] l -> Arrays.equals(l, (long[]) a.data);
                    default -> throw new AssertionError();
                };
    }

    @Override
    public int hashCode() {
        int content = switch (data) {
            case float[] f -> Arrays.hashCode(f);
            case double[] d -> Arrays.hashCode(d);
            case int[] i -> Arrays.hashCode(i);
            case long[] l -> Arrays.hashCode(l);
            default -> throw new AssertionError();
        };
        return 31 * (31 * dtype.hashCode() + shape.hashCode()) + content;
    }

    /** Returns the dtype, the shape and the first elements. */
    @Override
    public String toString() {
        var text = new StringBuilder().append(dtype).append(shape).append(" [");
        int shown = Math.min(size(), 8);
        for (int i = 0; i < shown; i++) {
            if (i > 0) text.append(", ");
            if (dtype == DType.BOOL) text.append(get(i) != 0);
            else if (dtype.isFloating()) text.append(data instanceof float[] f ? String.valueOf(f[i]) : get(i));
            else text.append(getLong(i));
        }
        return text.append(size() > shown ? ", ...]" : "]").toString();
    }
}
