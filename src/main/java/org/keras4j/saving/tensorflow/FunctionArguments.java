package org.keras4j.saving.tensorflow;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.layers.KerasTensor;

/**
 * The arguments of one call of a function of TensorFlow. The first one stood before the others in the file and has no
 * name there; a value is a {@link KerasTensor}, a {@link Size} or {@link Size.Vector}, a number, boolean, string or null,
 * or a list of such.
 */
final class FunctionArguments {
    /** What arguments were called before TensorFlow 2. */
    private static final Map<String, String> OLD_NAMES = Map.of(
            "axis", "reduction_indices",
            "keepdims", "keep_dims",
            "filters", "filter",
            "sizes", "ksizes");

    private final @Nullable Object first;
    private final Map<String, @Nullable Object> named;

    FunctionArguments(@Nullable Object first, Map<String, @Nullable Object> named) {
        this.first = first;
        this.named = named;
    }

    @Nullable
    Object first() {
        return first;
    }

    @Nullable
    Object get(String name) {
        Object value = named.get(name);
        String old = OLD_NAMES.get(name);
        return value == null && old != null ? named.get(old) : value;
    }

    boolean has(String name) {
        return get(name) != null;
    }

    /** Returns the first argument, which must be a tensor. */
    KerasTensor x() {
        if (first instanceof KerasTensor t) return t;
        throw wrong("its first argument", "a tensor", first);
    }

    KerasTensor tensor(String name) {
        if (get(name) instanceof KerasTensor t) return t;
        throw wrong(name, "a tensor", get(name));
    }

    boolean bool(String name) {
        Object value = get(name);
        return value instanceof Number n ? n.intValue() != 0 : Boolean.TRUE.equals(value);
    }

    String text(String name, String otherwise) {
        Object value = get(name);
        if (value == null) return otherwise;
        if (value instanceof String s) return s;
        throw wrong(name, "a string", value);
    }

    int integer(String name, int otherwise) {
        Object value = get(name);
        if (value == null) return otherwise;
        Number number = Size.number(value instanceof List<?> list && list.size() == 1 ? list.getFirst() : value);
        if (number != null) return number.intValue();
        throw wrong(name, "an integer", value);
    }

    int integer(String name) {
        if (!has(name)) throw wrong(name, "an integer", null);
        return integer(name, 0);
    }

    double real(String name, double otherwise) {
        Object value = get(name);
        if (value == null) return otherwise;
        Number number = Size.number(value);
        if (number != null) return number.doubleValue();
        throw wrong(name, "a number", value);
    }

    /** Returns integers; a single one is a list of one. */
    List<Integer> ints(String name) {
        Object value = get(name) instanceof Size.Vector v ? v.sizes() : get(name);
        List<?> list = Size.isScalar(value) ? List.of(value) : value instanceof List<?> l ? l : null;
        if (list == null) throw wrong(name, "integers", value);
        List<Integer> out = new ArrayList<>();
        for (Object o : list) {
            Number number = Size.number(o);
            if (number == null) throw wrong(name, "integers that are known", value);
            out.add(number.intValue());
        }
        return out;
    }

    /** Returns the axes as operations of Keras take them: null for all, one, or a list. */
    @Nullable
    Object axes(String name) {
        if (!has(name)) return null;
        List<Integer> axes = ints(name);
        return axes.size() == 1 ? axes.getFirst() : axes;
    }

    /** Returns sizes, each a {@link Size} or a whole number. */
    static List<Object> sizes(@Nullable Object value) {
        return switch (value) {
            case Size.Vector v -> v.sizes();
            case Number n -> List.of(n.longValue());
            case Size s -> List.of(s);
            case List<?> list when list.stream().allMatch(Size::isScalar) -> List.copyOf(list);
            case null, default -> throw wrong("a shape", "sizes", value);
        };
    }

    DType dtype(String name, DType otherwise) {
        Object value = get(name);
        return value == null ? otherwise : DType.of(String.valueOf(value));
    }

    static IllegalArgumentException wrong(String name, String expected, @Nullable Object got) {
        return new IllegalArgumentException(name + ": expected " + expected + ", got " + shown(got));
    }

    private static String shown(@Nullable Object value) {
        return switch (value) {
            case KerasTensor t -> "a tensor of shape " + t.shape();
            case Size s ->
                s.known() == null ? "a size that only data tells" : s.known().toString();
            case Size.Vector v -> shown(v.sizes());
            case List<?> list -> {
                List<String> texts = new ArrayList<>();
                for (Object o : list) texts.add(shown(o));
                yield texts.toString();
            }
            case null -> "nothing";
            default -> value.toString();
        };
    }
}
