package org.keras4j.saving.tensorflow;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.layers.KerasTensor;

/**
 * A size that {@code tf.shape} gave, or what was computed of one.
 *
 * @param tensor whose size it is
 * @param axis of which axis; {@link #COMPUTED} if it is none's
 * @param known the size; null if only data tells it, such as that of a batch
 */
record Size(KerasTensor tensor, int axis, @Nullable Long known) {
    static final int COMPUTED = -1;

    /** A vector of sizes, each a {@link Size} or a whole number: what {@code tf.shape} gives. */
    record Vector(List<Object> sizes) {}

    static Vector of(KerasTensor tensor) {
        List<Object> sizes = new ArrayList<>();
        for (int axis = 0; axis < tensor.shape().rank(); axis++) {
            int size = tensor.shape().dim(axis);
            sizes.add(new Size(tensor, axis, size == Shape.UNKNOWN ? null : (Long) (long) size));
        }
        return new Vector(List.copyOf(sizes));
    }

    static boolean isScalar(@Nullable Object value) {
        return value instanceof Number || value instanceof Size;
    }

    /** Returns the number that a number or known size is; null for what only data tells and for other values. */
    static @Nullable Number number(@Nullable Object value) {
        return switch (value) {
            case Number n -> n;
            case Size s -> s.known;
            case null, default -> null;
        };
    }

    /** Returns what a function gives of two numbers or sizes. */
    static Object computed(String function, Object a, Object b) {
        Number x = number(a);
        Number y = number(b);
        Number result = x == null || y == null ? null : compute(function, x, y);
        return a instanceof Size s
                ? s.after(result)
                : b instanceof Size s ? s.after(result) : orMissing(function, result);
    }

    /** Returns what a function gives of a number or a size. */
    static Object computed(String function, Object a) {
        Number x = number(a);
        Number result = x == null ? null : compute(function, x);
        return a instanceof Size s ? s.after(result) : orMissing(function, result);
    }

    /** Fractions are no sizes: they go on as numbers. */
    private Object after(@Nullable Number result) {
        return result instanceof Double d ? (Object) d : new Size(tensor, COMPUTED, (Long) result);
    }

    private static Number orMissing(String function, @Nullable Number result) {
        if (result != null) return result;
        throw new IllegalArgumentException("expected a tensor for " + function + ", got numbers");
    }

    private static Number compute(String function, Number x, Number y) {
        double a = x.doubleValue();
        double b = y.doubleValue();
        double result = switch (function) {
            case "add" -> a + b;
            case "subtract" -> a - b;
            case "multiply" -> a * b;
            case "floordiv" -> Math.floor(a / b);
            case "floormod" -> a - b * Math.floor(a / b);
            case "truediv" -> a / b;
            case "maximum" -> Math.max(a, b);
            case "minimum" -> Math.min(a, b);
            case "pow" -> Math.pow(a, b);
            default -> throw new IllegalArgumentException("expected a tensor for " + function + ", got two numbers");
        };
        boolean whole = x instanceof Long && y instanceof Long && !function.equals("truediv");
        return whole ? (Number) (long) result : result;
    }

    private static Number compute(String function, Number x) {
        double a = x.doubleValue();
        return switch (function) {
            case "sqrt" -> Math.sqrt(a);
            case "rsqrt" -> 1 / Math.sqrt(a);
            case "log" -> Math.log(a);
            case "exp" -> Math.exp(a);
            case "reciprocal" -> 1 / a;
            case "square" -> x instanceof Long ? (Number) (long) (a * a) : a * a;
            case "negative" -> x instanceof Long ? (Number) (long) -a : -a;
            default -> throw new IllegalArgumentException("expected a tensor for " + function + ", got a number");
        };
    }
}
