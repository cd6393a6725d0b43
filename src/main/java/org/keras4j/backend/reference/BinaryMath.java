package org.keras4j.backend.reference;

import java.util.function.DoubleBinaryOperator;
import java.util.function.LongBinaryOperator;
import org.keras4j.DType;
import org.keras4j.op.Binary;

/** The elementwise functions of two arguments, in double for floating dtypes and in long for all others. */
public final class BinaryMath {
    /** A comparison. */
    public interface Test {
        boolean test(double a, double b);
    }

    private BinaryMath() {}

    public static DoubleBinaryOperator floating(Binary function, DType dtype) {
        return switch (function) {
            case ADD -> Double::sum;
            case SUB -> (a, b) -> a - b;
            case MUL -> (a, b) -> a * b;
            case DIV -> (a, b) -> a / b;
            case FLOOR_DIV -> BinaryMath::floorDiv;
            case MOD -> BinaryMath::mod;
            case POW -> BinaryMath::pow;
            case MAX -> Math::max;
            case MIN -> Math::min;
            case ATAN2 -> Math::atan2;
            case NEXT_AFTER -> nextAfter(dtype);
            case EQUAL, NOT_EQUAL, LESS, LESS_EQUAL, GREATER, GREATER_EQUAL, LOGICAL_AND, LOGICAL_OR, LOGICAL_XOR ->
                throw refused(function, "to be called as a test");
            case BITWISE_AND, BITWISE_OR, BITWISE_XOR, SHIFT_LEFT, SHIFT_RIGHT ->
                throw refused(function, "an integer dtype, got " + dtype);
        };
    }

    /** Returns the functions whose result is bool. */
    public static Test test(Binary function) {
        return switch (function) {
            case EQUAL -> (a, b) -> a == b;
            case NOT_EQUAL -> (a, b) -> a != b;
            case LESS -> (a, b) -> a < b;
            case LESS_EQUAL -> (a, b) -> a <= b;
            case GREATER -> (a, b) -> a > b;
            case GREATER_EQUAL -> (a, b) -> a >= b;
            case LOGICAL_AND -> (a, b) -> a != 0 && b != 0;
            case LOGICAL_OR -> (a, b) -> a != 0 || b != 0;
            case LOGICAL_XOR -> (a, b) -> (a != 0) != (b != 0);
            default -> throw refused(function, "to be a test");
        };
    }

    /** Returns the functions that integers and bool have; the caller wraps the result. Dividing by 0 gives 0. */
    public static LongBinaryOperator integer(Binary function, DType dtype) {
        return switch (function) {
            case ADD -> Long::sum;
            case SUB -> (a, b) -> a - b;
            case MUL -> (a, b) -> a * b;
            case DIV -> (a, b) -> b == 0 ? 0 : a / b;
            case FLOOR_DIV -> (a, b) -> b == 0 ? 0 : Math.floorDiv(a, b);
            case MOD -> (a, b) -> b == 0 ? 0 : Math.floorMod(a, b);
            case POW -> BinaryMath::pow;
            case MAX -> Math::max;
            case MIN -> Math::min;
            case EQUAL -> (a, b) -> a == b ? 1 : 0;
            case NOT_EQUAL -> (a, b) -> a != b ? 1 : 0;
            case LESS -> (a, b) -> a < b ? 1 : 0;
            case LESS_EQUAL -> (a, b) -> a <= b ? 1 : 0;
            case GREATER -> (a, b) -> a > b ? 1 : 0;
            case GREATER_EQUAL -> (a, b) -> a >= b ? 1 : 0;
            case LOGICAL_AND -> (a, b) -> a != 0 && b != 0 ? 1 : 0;
            case LOGICAL_OR -> (a, b) -> a != 0 || b != 0 ? 1 : 0;
            case LOGICAL_XOR -> (a, b) -> (a != 0) != (b != 0) ? 1 : 0;
            case BITWISE_AND -> (a, b) -> a & b;
            case BITWISE_OR -> (a, b) -> a | b;
            case BITWISE_XOR -> (a, b) -> a ^ b;
            case SHIFT_LEFT -> (a, b) -> b < 0 || b >= dtype.bits() ? 0 : a << b;
            case SHIFT_RIGHT -> (a, b) -> a >> (b < 0 || b > 63 ? 63 : b);
            case ATAN2, NEXT_AFTER -> throw refused(function, "a floating dtype, got " + dtype);
        };
    }

    /** Returns {@code a} raised to {@code b}, modulo 2^64; a negative power truncates towards zero, 0 to it gives 0. */
    static long pow(long a, long b) {
        if (b < 0) return a == 1 ? 1 : a == -1 ? ((b & 1) == 0 ? 1 : -1) : 0;
        long power = 1;
        long square = a;
        for (long rest = b; rest > 0; rest >>= 1) {
            if ((rest & 1) == 1) power *= square;
            square *= square;
        }
        return power;
    }

    /** Returns C's {@code pow}: unlike Java's, 1 to any power and -1 to an infinite one are 1. */
    static double pow(double a, double b) {
        if (a == 1 || (a == -1 && Double.isInfinite(b))) return 1;
        return Math.pow(a, b);
    }

    /** Returns Python's {@code a % b}: the sign is the divisor's, also of a zero; NaN if b is 0. */
    static double mod(double a, double b) {
        double rest = a % b;
        if (rest == 0) return Math.copySign(0, b);
        return (rest < 0) != (b < 0) ? rest + b : rest;
    }

    /** Returns Python's {@code a // b} as it goes with {@link #mod}; a / b if b is 0. */
    static double floorDiv(double a, double b) {
        if (b == 0) return a / b;
        double rest = a % b;
        double quotient = (a - rest) / b;
        if (rest != 0 && (b < 0) != (rest < 0)) quotient -= 1;
        if (quotient == 0) return Math.copySign(0, a / b);
        double floor = Math.floor(quotient);
        return quotient - floor > 0.5 ? floor + 1 : floor;
    }

    private static DoubleBinaryOperator nextAfter(DType dtype) {
        return switch (dtype) {
            case FLOAT64 -> Math::nextAfter;
            case FLOAT32 -> (a, b) -> Math.nextAfter((float) a, b);
            case FLOAT16 -> (a, b) -> a == b ? b : halfAfter(a, b);
            case BFLOAT16 -> (a, b) -> a == b ? b : bfloat16After(a, b);
            case BOOL, UINT8, UINT16, UINT32, INT8, INT16, INT32, INT64 ->
                throw refused(Binary.NEXT_AFTER, "a floating dtype, got " + dtype);
        };
    }

    private static double halfAfter(double a, double b) {
        if (a != a || b != b) return Double.NaN;
        if (a == 0) return Math.copySign(0x1p-24, b);
        short bits = Float.floatToFloat16((float) a);
        return Float.float16ToFloat((short) (bits + ((a < b) == (a > 0) ? 1 : -1)));
    }

    private static double bfloat16After(double a, double b) {
        if (a != a || b != b) return Double.NaN;
        if (a == 0) return Math.copySign(0x1p-133, b);
        int bits = Float.floatToRawIntBits((float) a);
        return Float.intBitsToFloat(bits + ((a < b) == (a > 0) ? 0x1_0000 : -0x1_0000));
    }

    private static IllegalArgumentException refused(Binary function, String expected) {
        return new IllegalArgumentException(function + ": expected " + expected);
    }
}
