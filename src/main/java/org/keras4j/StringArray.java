package org.keras4j;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Strings on the host: a shape and the strings in row-major order. What layers such as {@code StringLookup} turn into
 * numbers; no backend sees them.
 */
public final class StringArray {
    private final Shape shape;
    private final String[] data;

    private StringArray(Shape shape, String[] data) {
        if (data.length != shape.size())
            throw new IllegalArgumentException(
                    "Shape " + shape + " needs " + shape.size() + " strings, got " + data.length);
        for (String s : data)
            if (s == null) throw new IllegalArgumentException("Expected strings, got null among them");
        this.shape = shape;
        this.data = data;
    }

    /** Wraps {@code values}, which are in row-major order; they are not copied. */
    public static StringArray of(Shape shape, String... values) {
        return new StringArray(shape, values);
    }

    /** Returns empty strings. */
    public static StringArray blank(Shape shape) {
        var data = new String[shape.size()];
        Arrays.fill(data, "");
        return new StringArray(shape, data);
    }

    /** Copies a string or a (nested, rectangular) array or list of them. */
    public static StringArray of(Object value) {
        if (value instanceof StringArray array) return array;
        List<Integer> dims = new ArrayList<>();
        for (Object probe = value; isNested(probe); ) {
            int n = length(probe);
            dims.add(n);
            if (n == 0) break;
            probe = element(probe, 0);
        }
        List<String> strings = new ArrayList<>();
        fill(value, dims, 0, strings);
        return new StringArray(Shape.of(dims), strings.toArray(String[]::new));
    }

    /** Says whether {@link #of(Object)} takes {@code value}: a string, or an array or list that begins with one. */
    public static boolean isStrings(@Nullable Object value) {
        Object probe = value;
        while (probe != null && isNested(probe)) {
            if (length(probe) == 0) return elementClass(probe) == String.class;
            probe = element(probe, 0);
        }
        return probe instanceof String || probe instanceof StringArray;
    }

    private static void fill(@Nullable Object value, List<Integer> dims, int axis, List<String> out) {
        if (axis == dims.size()) {
            if (!(value instanceof String s))
                throw new IllegalArgumentException("Expected strings in an array of " + dims.size() + " axes, got "
                        + (value == null ? "null" : value.getClass().getSimpleName()));
            out.add(s);
            return;
        }
        if (value == null || !isNested(value) || length(value) != dims.get(axis))
            throw new IllegalArgumentException("Array is not rectangular: expected " + dims.get(axis)
                    + " elements on axis " + axis + ", got "
                    + (value != null && isNested(value) ? String.valueOf(length(value)) : String.valueOf(value)));
        for (int i = 0; i < dims.get(axis); i++) fill(element(value, i), dims, axis + 1, out);
    }

    private static boolean isNested(Object value) {
        return value instanceof List<?> || value.getClass().isArray();
    }

    private static int length(Object value) {
        return value instanceof List<?> list ? list.size() : Array.getLength(value);
    }

    private static Object element(Object value, int i) {
        return value instanceof List<?> list ? list.get(i) : Array.get(value, i);
    }

    private static Class<?> elementClass(Object value) {
        Class<?> c = value.getClass();
        while (c.isArray()) c = c.componentType();
        return c;
    }

    public Shape shape() {
        return shape;
    }

    public int size() {
        return data.length;
    }

    /** Returns string {@code index} in row-major order. */
    public String get(int index) {
        return data[index];
    }

    /** Returns the strings in row-major order, copied. */
    public String[] toArray() {
        return data.clone();
    }

    /** Returns the same strings under another shape. */
    public StringArray reshape(Shape to) {
        return new StringArray(to, data);
    }

    /** Copies the rows of the first axis that {@code indices} name, in that order. */
    public StringArray rows(int[] indices) {
        int row = (int) shape.size(1, shape.rank());
        var out = new String[indices.length * row];
        for (int i = 0; i < indices.length; i++) System.arraycopy(data, indices[i] * row, out, i * row, row);
        return new StringArray(shape.with(0, indices.length), out);
    }

    /** Says whether shape and strings are the same. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof StringArray a && a.shape.equals(shape) && Arrays.equals(a.data, data);
    }

    @Override
    public int hashCode() {
        return 31 * shape.hashCode() + Arrays.hashCode(data);
    }

    /** Returns the shape and the first strings. */
    @Override
    public String toString() {
        var text = new StringBuilder("string").append(shape).append(" [");
        int shown = Math.min(data.length, 8);
        for (int i = 0; i < shown; i++)
            text.append(i > 0 ? ", \"" : "\"").append(data[i]).append('"');
        return text.append(data.length > shown ? ", ...]" : "]").toString();
    }
}
