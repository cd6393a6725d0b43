package org.keras4j.backend.device;

import java.util.List;
import java.util.Locale;
import org.keras4j.DType;
import org.keras4j.Storage;
import org.keras4j.backend.Expression;
import org.keras4j.backend.Expression.Apply1;
import org.keras4j.backend.Expression.Apply2;
import org.keras4j.backend.Expression.Choose;
import org.keras4j.backend.Expression.Convert;
import org.keras4j.backend.Expression.Node;
import org.keras4j.op.Binary;
import org.keras4j.op.Unary;

/** Writes the nodes of an expression in the kernels' language: register i is called {@code r} and its number. */
final class ElementMath {
    private ElementMath() {}

    /** Says whether node i needs arithmetic of doubles on the device. */
    static boolean needsDoubles(List<Node> nodes, int i) {
        if (nodes.get(i).dtype().storage() == Storage.DOUBLE) return true;
        if (!(nodes.get(i) instanceof Apply1 apply)) return false;
        return switch (apply.function()) {
            case ERFINV, LGAMMA, DIGAMMA -> true;
            default -> false;
        };
    }

    /** Returns about how long a node takes, in units of the simplest operation. */
    static int cost(Node node) {
        return switch (node) {
            case Apply1 apply ->
                switch (apply.function()) {
                    case NEG, ABS, SIGN, SQUARE, RELU, FLOOR, CEIL, ROUND, TRUNC -> 1;
                    case LOGICAL_NOT, BITWISE_NOT, IS_NAN, IS_INF, IS_FINITE -> 1;
                    case RECIPROCAL, SQRT, RSQRT -> 4;
                    case EXP, LOG, EXPM1, LOG1P, TANH, SIGMOID, SOFTPLUS, ERF, ASINH, ACOSH, ATANH -> 10;
                    case SIN, COS, TAN, ASIN, ACOS, ATAN, SINH, COSH -> 50;
                    case ERFINV, LGAMMA, DIGAMMA -> 500;
                };
            case Apply2 apply ->
                switch (apply.function()) {
                    case DIV -> apply.dtype().isFloating() ? 4 : 20;
                    case FLOOR_DIV, MOD, POW, ATAN2, NEXT_AFTER -> 50;
                    default -> 1;
                };
            case Expression.Load _, Expression.Number _, Choose _, Convert _ -> 1;
        };
    }

    /** Returns what node i computes, rounded to its dtype; a load is the caller's. */
    static String value(List<Node> nodes, int i, boolean cpu) {
        Node node = nodes.get(i);
        DType dtype = node.dtype();
        return switch (node) {
            case Expression.Load load -> throw new IllegalArgumentException("Not computed: " + load);
            case Expression.Number number -> ElementTypes.literal(dtype, number.value());
            case Apply1(Unary function, int a, var _) -> {
                String value = unary(function, nodes.get(a).dtype(), "r" + a, cpu);
                yield function.isTest() || isExact(function) ? value : ElementTypes.narrowed(dtype, value);
            }
            case Apply2(Binary function, int a, int b, var _) -> {
                DType from = nodes.get(a).dtype();
                if (from != nodes.get(b).dtype())
                    throw new IllegalArgumentException(node + ": expected two values of one dtype, got " + from
                            + " and " + nodes.get(b).dtype());
                String value = binary(function, from, "r" + a, "r" + b);
                yield function.isTest() || isExact(function) ? value : ElementTypes.narrowed(dtype, value);
            }
            case Choose(int condition, int a, int b, var _) -> "r" + condition + " != 0 ? r" + a + " : r" + b;
            case Convert(int a, var _) -> convert("r" + a, nodes.get(a).dtype(), dtype);
        };
    }

    /** Says whether the result is one of the arguments, or a small whole number: then it needs no rounding. */
    private static boolean isExact(Unary function) {
        return function == Unary.RELU || function == Unary.SIGN;
    }

    private static boolean isExact(Binary function) {
        return function == Binary.MAX || function == Binary.MIN || function == Binary.NEXT_AFTER;
    }

    private static String convert(String x, DType from, DType to) {
        String type = "(" + ElementTypes.name(to.storage()) + ") ";
        if (from == to) return x;
        if (to == DType.BOOL) return x + " != 0";
        if (to.isFloating() || !from.isFloating()) return ElementTypes.narrowed(to, type + x);
        return ElementTypes.narrowed(to, type + "long_" + ElementTypes.letter(from.storage()) + "(" + x + ")");
    }

    private static String unary(Unary function, DType from, String x, boolean cpu) {
        if (!from.isFloating()) return unaryOfIntegers(function, from, x);
        boolean single = from.storage() == Storage.FLOAT;
        String one = single ? "1.0f / " : "1.0 / ";
        return switch (function) {
            case NEG -> "-" + x;
            case ABS -> "fabs(" + x + ")";
            case SIGN -> x + " > 0 ? 1 : " + x + " < 0 ? -1 : " + x;
            case SQUARE -> x + " * " + x;
            case RECIPROCAL -> one + x;
            case RSQRT -> cpu ? one + "sqrt(" + x + ")" : "rsqrt(" + x + ")";
            case RELU -> x + " < 0 ? 0 : " + x;
            case EXP, LOG, EXPM1, LOG1P, TANH -> single ? ours(function, from, x) : builtin(function, x);
            case ASINH, ACOSH, ATANH, SIGMOID, SOFTPLUS, ERF, ERFINV, LGAMMA, DIGAMMA -> ours(function, from, x);
            case SQRT, SIN, COS, TAN, ASIN, ACOS, ATAN, SINH, COSH, FLOOR, CEIL, TRUNC -> builtin(function, x);
            case ROUND -> "rint(" + x + ")";
            case LOGICAL_NOT -> x + " == 0";
            case IS_NAN -> x + " != " + x;
            case IS_INF -> "fabs(" + x + ") == INFINITY_F";
            case IS_FINITE -> "fabs(" + x + ") < INFINITY_F";
            case BITWISE_NOT -> throw refused(function, from);
        };
    }

    private static String unaryOfIntegers(Unary function, DType from, String x) {
        return switch (function) {
            case NEG, ABS -> ours(function, from, x);
            case SIGN -> "(" + x + " > 0) - (" + x + " < 0)";
            case SQUARE -> "mul_" + ElementTypes.letter(from.storage()) + "(" + x + ", " + x + ")";
            case RECIPROCAL -> x + " == 1 || " + x + " == -1 ? " + x + " : 0";
            case RELU -> x + " < 0 ? 0 : " + x;
            case FLOOR, CEIL, ROUND, TRUNC -> x;
            case LOGICAL_NOT -> x + " == 0";
            case BITWISE_NOT -> from == DType.BOOL ? "1 - " + x : "~" + x;
            case IS_NAN, IS_INF -> "0";
            case IS_FINITE -> "1";
            case SQRT,
                    RSQRT,
                    EXP,
                    EXPM1,
                    LOG,
                    LOG1P,
                    SIN,
                    COS,
                    TAN,
                    ASIN,
                    ACOS,
                    ATAN,
                    SINH,
                    COSH,
                    TANH,
                    ASINH,
                    ACOSH,
                    ATANH,
                    SIGMOID,
                    SOFTPLUS,
                    ERF,
                    ERFINV,
                    LGAMMA,
                    DIGAMMA -> throw refused(function, from);
        };
    }

    private static String binary(Binary function, DType from, String a, String b) {
        boolean floating = from.isFloating();
        return switch (function) {
            case ADD -> floating ? a + " + " + b : ours(function, from, a, b);
            case SUB -> floating ? a + " - " + b : ours(function, from, a, b);
            case MUL -> floating ? a + " * " + b : ours(function, from, a, b);
            case DIV -> floating ? a + " / " + b : ours(function, from, a, b);
            case FLOOR_DIV, MOD -> ours(function, from, a, b);
            case POW -> floating ? "pow(" + a + ", " + b + ")" : ours(function, from, a, b);
            // a NaN in b comes through since nothing is greater or less
            case MAX -> a + " > " + b + (floating ? " || " + a + " != " + a : "") + " ? " + a + " : " + b;
            case MIN -> a + " < " + b + (floating ? " || " + a + " != " + a : "") + " ? " + a + " : " + b;
            case EQUAL -> a + " == " + b;
            case NOT_EQUAL -> a + " != " + b;
            case LESS -> a + " < " + b;
            case LESS_EQUAL -> a + " <= " + b;
            case GREATER -> a + " > " + b;
            case GREATER_EQUAL -> a + " >= " + b;
            case LOGICAL_AND -> "(" + a + " != 0) & (" + b + " != 0)";
            case LOGICAL_OR -> "(" + a + " != 0) | (" + b + " != 0)";
            case LOGICAL_XOR -> "(" + a + " != 0) ^ (" + b + " != 0)";
            case ATAN2 -> {
                if (!floating) throw refused(function, from);
                yield "atan2(" + a + ", " + b + ")";
            }
            case NEXT_AFTER -> nextAfter(from) + "(" + a + ", " + b + ")";
            case BITWISE_AND, BITWISE_OR, BITWISE_XOR, SHIFT_LEFT, SHIFT_RIGHT -> bits(function, from, a, b);
        };
    }

    private static String bits(Binary function, DType from, String a, String b) {
        if (from.isFloating()) throw refused(function, from);
        return switch (function) {
            case BITWISE_AND -> a + " & " + b;
            case BITWISE_OR -> a + " | " + b;
            case BITWISE_XOR -> a + " ^ " + b;
            case SHIFT_LEFT -> ours(function, from, a, b + ", " + from.bits());
            default -> ours(function, from, a, b);
        };
    }

    private static String nextAfter(DType from) {
        return switch (from) {
            case FLOAT32, FLOAT64 -> "nextafter";
            case FLOAT16 -> "next_float16";
            case BFLOAT16 -> "next_bfloat16";
            case BOOL, UINT8, UINT16, UINT32, INT8, INT16, INT32, INT64 -> throw refused(Binary.NEXT_AFTER, from);
        };
    }

    private static String builtin(Unary function, String x) {
        return word(function) + "(" + x + ")";
    }

    private static String ours(Enum<?> function, DType from, String... arguments) {
        return word(function) + "_" + ElementTypes.letter(from.storage()) + "(" + String.join(", ", arguments) + ")";
    }

    static String word(Enum<?> function) {
        return function.name().toLowerCase(Locale.ROOT);
    }

    private static IllegalArgumentException refused(Enum<?> function, DType from) {
        return new IllegalArgumentException(function + ": not a function of " + from);
    }
}
