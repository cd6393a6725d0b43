package org.keras4j;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.List;

/** Nested Java arrays in and out of {@link NDArray}. */
final class JavaArrays {
    private JavaArrays() {}

    static NDArray read(Object value) {
        if (value instanceof NDArray array) return array.copy();
        List<Integer> dims = new ArrayList<>();
        Object probe = value;
        while (probe.getClass().isArray()) {
            int n = Array.getLength(probe);
            dims.add(n);
            if (n == 0) {
                for (Class<?> c = probe.getClass().componentType(); c.isArray(); c = c.componentType()) dims.add(0);
                break;
            }
            probe = Array.get(probe, 0);
        }
        Shape shape = Shape.of(dims);
        NDArray out = NDArray.zeros(dtypeOf(elementClass(value)), shape);
        fill(value, out, 0, 0);
        return out;
    }

    static Object write(NDArray array) {
        Object data = array.data();
        if (array.shape().rank() == 0) return Array.get(data, 0);
        return nest(data, array.shape(), 0, 0);
    }

    private static Object nest(Object data, Shape shape, int axis, int at) {
        int n = shape.dim(axis);
        Class<?> element = data.getClass().componentType();
        if (axis == shape.rank() - 1) {
            Object row = Array.newInstance(element, n);
            System.arraycopy(data, at, row, 0, n);
            return row;
        }
        int step = (int) shape.size(axis + 1, shape.rank());
        Object rows = Array.newInstance(element, shape.slice(axis, shape.rank()).dims());
        for (int i = 0; i < n; i++) Array.set(rows, i, nest(data, shape, axis + 1, at + i * step));
        return rows;
    }

    private static Class<?> elementClass(Object value) {
        Class<?> c = value.getClass();
        while (c.isArray()) c = c.componentType();
        return c;
    }

    private static DType dtypeOf(Class<?> c) {
        if (c == float.class || c == Float.class) return DType.FLOAT32;
        if (c == double.class || c == Double.class) return DType.FLOAT64;
        if (c == boolean.class || c == Boolean.class) return DType.BOOL;
        if (c == long.class || c == Long.class) return DType.INT64;
        if (c == int.class
                || c == Integer.class
                || c == short.class
                || c == Short.class
                || c == byte.class
                || c == Byte.class) return DType.INT32;
        throw new IllegalArgumentException("Expected a number, boolean or array of them, got " + c.getName());
    }

    /** Fills from {@code at} on and returns the position after the last element. */
    private static int fill(Object value, NDArray out, int axis, int at) {
        if (!value.getClass().isArray()) {
            out.set(at, value instanceof Boolean b ? (b ? 1 : 0) : ((Number) value).doubleValue());
            if (value instanceof Long l) ((long[]) out.data())[at] = l;
            return at + 1;
        }
        int n = Array.getLength(value);
        if (n != out.shape().dim(axis))
            throw new IllegalArgumentException("Array is not rectangular: axis " + axis + " has rows of "
                    + out.shape().dim(axis) + " and of " + n);
        if (axis == out.shape().rank() - 1
                && value.getClass().componentType().isPrimitive()
                && value.getClass() == out.data().getClass()) {
            System.arraycopy(value, 0, out.data(), at, n);
            return at + n;
        }
        int next = at;
        for (int i = 0; i < n; i++) next = fill(Array.get(value, i), out, axis + 1, next);
        return next;
    }
}
