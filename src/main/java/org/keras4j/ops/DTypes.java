package org.keras4j.ops;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.keras4j.Config;
import org.keras4j.DType;

/**
 * Keras's dtype promotion ({@code keras.backend.result_type}). Plain numbers are weak: they take part as "int" or
 * "float" and give way to the dtypes of tensors. Unlike Keras on JAX, int64 and float64 stay what they are.
 */
public final class DTypes {
    /** A place in the promotion lattice: the dtypes and, between the integers and the floats, the two weak types. */
    private enum Node {
        BOOL,
        INT,
        UINT8,
        UINT16,
        UINT32,
        INT8,
        INT16,
        INT32,
        INT64,
        FLOAT,
        BFLOAT16,
        FLOAT16,
        FLOAT32,
        FLOAT64;

        /** Returns the next higher places. */
        Set<Node> next() {
            return switch (this) {
                case BOOL -> EnumSet.of(INT);
                case INT -> EnumSet.of(UINT8, INT8);
                case UINT8 -> EnumSet.of(INT16, UINT16);
                case UINT16 -> EnumSet.of(INT32, UINT32);
                case UINT32 -> EnumSet.of(INT64);
                case INT8 -> EnumSet.of(INT16);
                case INT16 -> EnumSet.of(INT32);
                case INT32 -> EnumSet.of(INT64);
                case INT64 -> EnumSet.of(FLOAT);
                case FLOAT -> EnumSet.of(BFLOAT16, FLOAT16);
                case BFLOAT16, FLOAT16 -> EnumSet.of(FLOAT32);
                case FLOAT32 -> EnumSet.of(FLOAT64);
                case FLOAT64 -> EnumSet.noneOf(Node.class);
            };
        }
    }

    private static final Map<Node, Set<Node>> ABOVE = new EnumMap<>(Node.class);

    static {
        for (Node node : Node.values()) {
            Set<Node> above = EnumSet.of(node);
            Deque<Node> open = new ArrayDeque<>(above);
            while (!open.isEmpty()) for (Node n : open.pop().next()) if (above.add(n)) open.push(n);
            ABOVE.put(node, above);
        }
    }

    private DTypes() {}

    /** Returns {@code keras.config.floatx()}: the float dtype where none is given. */
    public static DType floatx() {
        return DType.of(Config.floatx());
    }

    /** Sets the float dtype where none is given: float16, bfloat16, float32 or float64. */
    public static void floatx(DType dtype) {
        Config.setFloatx(dtype.keras());
    }

    /** Returns the dtype that values of both dtypes are converted to. */
    public static DType result(DType a, DType b) {
        return a == b ? a : resolve(join(node(a), node(b)));
    }

    /** Returns the dtype that values of all dtypes are converted to; floatx if there are none. */
    public static DType result(DType... dtypes) {
        if (dtypes.length == 0) return floatx();
        Node node = node(dtypes[0]);
        for (DType d : dtypes) node = join(node, node(d));
        return resolve(Objects.requireNonNull(node));
    }

    /** Returns the dtype of an operation on {@code dtype} and a whole Java number. */
    public static DType withInt(DType dtype) {
        return resolve(join(node(dtype), Node.INT));
    }

    /** Returns the dtype of an operation on {@code dtype} and a Java number with a fraction. */
    public static DType withFloat(DType dtype) {
        return resolve(join(node(dtype), Node.FLOAT));
    }

    /** Returns {@code dtype} if it is a float type, else floatx: what sqrt, exp, mean and division compute in. */
    public static DType floating(DType dtype) {
        return dtype.isFloating() ? dtype : floatx();
    }

    /** Returns as {@link #floating}, but float64 for int64: what few operations of Keras compute in. */
    static DType wideFloating(DType dtype) {
        return dtype == DType.INT64 ? DType.FLOAT64 : floating(dtype);
    }

    /** Returns as {@link #result}, but int32 if all are int8: products are summed, and would overflow. */
    static DType ofProducts(DType... dtypes) {
        for (DType d : dtypes) if (d != DType.INT8) return result(dtypes);
        return DType.INT32;
    }

    /**
     * Returns Keras's {@code result_type} of names: dtypes, {@code "int"} and {@code "float"} for plain numbers, and
     * null for floatx.
     */
    public static DType resultType(@Nullable String... names) {
        if (names.length == 0) return floatx();
        @Nullable Node node = null;
        for (String name : names) {
            Node next = name == null
                    ? node(floatx())
                    : switch (name) {
                        case "int" -> Node.INT;
                        case "float" -> Node.FLOAT;
                        default -> node(DType.of(name));
                    };
            node = node == null ? next : join(node, next);
        }
        return resolve(Objects.requireNonNull(node));
    }

    private static Node node(DType dtype) {
        return Node.valueOf(dtype.name());
    }

    /** Returns the least place above both. */
    private static Node join(Node a, Node b) {
        Set<Node> common = EnumSet.copyOf(ABOVE.get(a));
        common.retainAll(ABOVE.get(b));
        for (Node n : common) if (Objects.requireNonNull(ABOVE.get(n)).containsAll(common)) return n;
        throw new AssertionError(a + " and " + b + " have no least upper bound");
    }

    private static DType resolve(Node node) {
        return switch (node) {
            case INT -> floatx() == DType.FLOAT64 ? DType.INT64 : DType.INT32;
            case FLOAT -> floatx();
            case BOOL, UINT8, UINT16, UINT32, INT8, INT16, INT32, INT64, BFLOAT16, FLOAT16, FLOAT32, FLOAT64 ->
                DType.valueOf(node.name());
        };
    }
}
