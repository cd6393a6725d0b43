package org.keras4j.ops;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Variable;

/** The values of one call by parameter name, as the types that an operation wants. */
final class Arguments {
    private final Signature signature;
    private final Map<String, @Nullable Object> values;

    Arguments(Signature signature, Map<String, @Nullable Object> values) {
        this.signature = signature;
        this.values = values;
    }

    @Nullable
    Object get(String name) {
        return values.get(name);
    }

    boolean has(String name) {
        return values.get(name) != null;
    }

    // ---- tensors ----------------------------------------------------------------------------------------------------

    Tensor tensor(String name) {
        Tensor t = tensorOf(values.get(name));
        if (t == null) throw wrong(name, "a tensor");
        return t;
    }

    @Nullable
    Tensor optionalTensor(String name) {
        return has(name) ? tensor(name) : null;
    }

    /** Both tensors; a plain number gives way to the other's dtype. */
    Tensor[] pair(String first, String second) {
        return pair(first, second, Arguments::weak);
    }

    /** Both tensors for an operation on floats; a plain number, which the other's dtype may not hold, is a float. */
    Tensor[] floats(String first, String second) {
        return pair(first, second, (value, other) -> Arithmetic.scalar(value.doubleValue(), DTypes.withFloat(other)));
    }

    private Tensor[] pair(String first, String second, BiFunction<Number, DType, Tensor> weak) {
        Object a = values.get(first);
        Object b = values.get(second);
        Tensor x = a instanceof Number ? null : tensor(first);
        Tensor y = b instanceof Number ? null : tensor(second);
        if (x == null && y == null) return new Tensor[] {tensor(first), tensor(second)};
        if (x == null)
            x = weak.apply(
                    (Number) Objects.requireNonNull(a),
                    Objects.requireNonNull(y).dtype());
        else if (y == null) y = weak.apply((Number) Objects.requireNonNull(b), x.dtype());
        return new Tensor[] {x, y};
    }

    static Tensor weak(Number value, DType other) {
        boolean whole = isWhole(value);
        return Arithmetic.scalar(value.doubleValue(), whole ? DTypes.withInt(other) : DTypes.withFloat(other));
    }

    private static boolean isWhole(Number value) {
        return value instanceof Integer || value instanceof Long || value instanceof Short || value instanceof Byte;
    }

    List<Tensor> tensors(String name) {
        Object value = values.get(name);
        if (value instanceof Tensor t) return t.rank() == 0 ? List.of(t) : Manipulation.unstack(t, 0);
        if (!(value instanceof List<?> list)) throw wrong(name, "a list of tensors");
        // A list in the place of *arrays stands for its elements.
        if (list.size() == 1 && list.getFirst() instanceof List<?> inner && isTensors(inner)) list = inner;
        List<Tensor> tensors = new ArrayList<>();
        for (Object o : list) {
            Tensor t = tensorOf(o);
            if (t == null) throw wrong(name, "a list of tensors");
            tensors.add(t);
        }
        return tensors;
    }

    private static boolean isTensors(List<?> list) {
        return !list.isEmpty() && list.stream().allMatch(o -> o instanceof Tensor || o instanceof Variable);
    }

    static @Nullable Tensor tensorOf(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case Tensor t -> t;
            case Variable v -> v.value();
            case NDArray a -> Tensor.of(a);
            case Number n when isWhole(n) -> Arithmetic.scalar(n.doubleValue(), DTypes.resultType("int"));
            case Number n -> Arithmetic.scalar(n.doubleValue(), DTypes.floatx());
            case Boolean b -> Arithmetic.scalar(b ? 1 : 0, DType.BOOL);
            case List<?> list -> ofList(list);
            case Object array when array.getClass().isArray() -> Tensor.of(NDArray.of(array));
            default -> null;
        };
    }

    private static @Nullable Tensor ofList(List<?> list) {
        if (list.isEmpty()) return Primitives.full(0, DTypes.floatx(), Shape.of(0));
        List<Tensor> parts = new ArrayList<>();
        for (Object o : list) {
            Tensor t = tensorOf(o);
            if (t == null) return null;
            parts.add(t);
        }
        boolean plain = list.stream().allMatch(o -> o instanceof Number || o instanceof Boolean);
        if (!plain) return Manipulation.stack(Arithmetic.promote(parts), 0);
        DType dtype = DTypes.result(parts.stream().map(Tensor::dtype).toArray(DType[]::new));
        NDArray array = NDArray.zeros(dtype, Shape.of(list.size()));
        for (int i = 0; i < list.size(); i++)
            array.set(i, list.get(i) instanceof Number n ? n.doubleValue() : (Boolean) list.get(i) ? 1 : 0);
        return Tensor.of(array);
    }

    // ---- numbers ----------------------------------------------------------------------------------------------------

    double real(String name) {
        Object value = values.get(name);
        if (value instanceof Number n) return n.doubleValue();
        if (value instanceof Boolean b) return b ? 1 : 0;
        Tensor t = tensorOf(value);
        if (t == null || t.shape().size() != 1) throw wrong(name, "a number");
        return t.item();
    }

    double real(String name, double missing) {
        return has(name) ? real(name) : missing;
    }

    @Nullable
    Double optionalReal(String name) {
        return has(name) ? (Double) real(name) : null;
    }

    int integer(String name) {
        double value = real(name);
        if (value != Math.rint(value)) throw wrong(name, "a whole number");
        return (int) value;
    }

    @Nullable
    Integer optionalInteger(String name) {
        return has(name) ? (Integer) integer(name) : null;
    }

    boolean flag(String name) {
        Object value = values.get(name);
        if (value instanceof Boolean b) return b;
        if (value instanceof Number n) return n.doubleValue() != 0;
        if (value == null) return false;
        throw wrong(name, "True or False");
    }

    String text(String name) {
        if (values.get(name) instanceof String s) return s;
        throw wrong(name, "a string");
    }

    @Nullable
    String optionalText(String name) {
        return has(name) ? text(name) : null;
    }

    /** One integer counts as a list of one. */
    int[] ints(String name) {
        int[] values = optionalInts(name);
        if (values == null) throw wrong(name, "integers");
        return values;
    }

    int @Nullable [] optionalInts(String name) {
        return switch (values.get(name)) {
            case null -> null;
            case Number _ -> new int[] {integer(name)};
            case List<?> list -> {
                var out = new int[list.size()];
                for (int i = 0; i < out.length; i++) {
                    if (list.get(i) instanceof Number n) out[i] = n.intValue();
                    else if (list.get(i) instanceof Tensor t) out[i] = (int) t.item();
                    else throw wrong(name, "integers");
                }
                yield out;
            }
            case int[] array -> array;
            case Shape shape -> shape.dims();
            case Object other -> {
                Tensor t = tensorOf(other);
                if (t == null) throw wrong(name, "integers");
                yield t.ints();
            }
        };
    }

    Shape shape(String name) {
        return Shape.of(ints(name));
    }

    @Nullable
    DType optionalDtype(String name) {
        return switch (values.get(name)) {
            case null -> null;
            case DType d -> d;
            case String s when s.equals("int") -> DTypes.resultType("int");
            case String s when s.equals("float") -> DTypes.floatx();
            case String s -> DType.of(s);
            default -> throw wrong(name, "a dtype");
        };
    }

    DType dtype(String name, DType missing) {
        DType d = optionalDtype(name);
        return d == null ? missing : d;
    }

    List<?> list(String name) {
        if (values.get(name) instanceof List<?> list) return list;
        throw wrong(name, "a list");
    }

    IllegalArgumentException wrong(String name, String expected) {
        return new IllegalArgumentException(signature + ": expected " + name + " to be " + expected + ", got "
                + Signature.describe(values.get(name)));
    }
}
