package org.keras4j.backend;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.op.Binary;

/** The functions of two arguments, on all pairs of a list of values. */
interface BinaryContract extends Contract {
    // spotless:off
    double[] VALUES = {
        0,
        -0.0,
        1,
        -1,
        2,
        -2,
        3,
        -3,
        0.5,
        -0.5,
        0.1,
        -0.3,
        7,
        -7,
        5.5,
        -5.5,
        10,
        1e-5,
        1e5,
        -1e5,
        Float.MIN_VALUE,
        Float.MAX_VALUE,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        Double.NaN
    };
    // spotless:on

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.MATCH_NONE,
            names = {"BITWISE_.*", "SHIFT_.*"})
    default void functionOfFloats(Binary function) {
        for (DType dtype : Samples.FLOATING) {
            NDArray[] pairs = pairs(Samples.of(dtype, VALUES));
            DType to = function.isTest() ? DType.BOOL : dtype;
            NDArray expected = NDArray.zeros(to, pairs[0].shape());
            for (int i = 0; i < expected.size(); i++)
                expected.set(i, expected(function, pairs[0].get(i), pairs[1].get(i), dtype));
            String what = function + " of " + dtype;
            NDArray got = apply(what, function, pairs, to);
            switch (function) {
                case ADD, SUB, MUL, DIV, NEXT_AFTER -> Closeness.assertSame(what, expected, got);
                case POW, ATAN2 ->
                    Closeness.assertClose(
                            what,
                            expected,
                            got,
                            dtype == DType.FLOAT64 ? 4e-15 : Math.max(2e-6, Closeness.epsilon(dtype)),
                            dtype == DType.FLOAT64 ? 0 : Float.MIN_NORMAL);
                default -> Closeness.assertClose(what, expected, got, Closeness.epsilon(dtype), 0);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"ATAN2", "NEXT_AFTER"})
    default void functionOfIntegers(Binary function) {
        for (DType dtype : Samples.INTEGERS) {
            NDArray[] pairs = pairs(edges(dtype));
            DType to = function.isTest() ? DType.BOOL : dtype;
            NDArray expected = NDArray.zeros(to, pairs[0].shape());
            for (int i = 0; i < expected.size(); i++)
                setExact(
                        expected,
                        i,
                        expected(
                                function,
                                BigInteger.valueOf(pairs[0].getLong(i)),
                                BigInteger.valueOf(pairs[1].getLong(i)),
                                dtype));
            String what = function + " of " + dtype;
            Closeness.assertSame(what, expected, apply(what, function, pairs, to));
        }
    }

    @Test
    default void functionsOfBool() {
        NDArray a = Samples.of(DType.BOOL, 0, 0, 1, 1);
        NDArray b = Samples.of(DType.BOOL, 0, 1, 0, 1);
        NDArray[] pairs = {a, b};
        checkBool(Binary.LOGICAL_AND, pairs, 0, 0, 0, 1);
        checkBool(Binary.LOGICAL_OR, pairs, 0, 1, 1, 1);
        checkBool(Binary.LOGICAL_XOR, pairs, 0, 1, 1, 0);
        checkBool(Binary.BITWISE_AND, pairs, 0, 0, 0, 1);
        checkBool(Binary.BITWISE_OR, pairs, 0, 1, 1, 1);
        checkBool(Binary.BITWISE_XOR, pairs, 0, 1, 1, 0);
        checkBool(Binary.MAX, pairs, 0, 1, 1, 1);
        checkBool(Binary.MIN, pairs, 0, 0, 0, 1);
        checkBool(Binary.ADD, pairs, 0, 1, 1, 1);
        checkBool(Binary.MUL, pairs, 0, 0, 0, 1);
        checkBool(Binary.EQUAL, pairs, 1, 0, 0, 1);
        checkBool(Binary.LESS, pairs, 0, 1, 0, 0);
    }

    private void checkBool(Binary function, NDArray[] pairs, double... expected) {
        Closeness.assertSame(
                function + " of bool",
                Samples.of(DType.BOOL, expected),
                apply(function.name(), function, pairs, DType.BOOL));
    }

    private NDArray apply(String what, Binary function, NDArray[] pairs, DType to) {
        DType dtype = pairs[0].dtype();
        return evaluate(
                what,
                pairs[0].shape(),
                List.of(
                        new Expression.Load(0, dtype),
                        new Expression.Load(1, dtype),
                        new Expression.Apply2(function, 0, 1, to)),
                pairs[0],
                pairs[1]);
    }

    /** Returns the first and the second elements of all pairs. */
    private static NDArray[] pairs(NDArray values) {
        int n = values.size();
        var picks = new int[2][n * n];
        for (int i = 0; i < n * n; i++) {
            picks[0][i] = i / n;
            picks[1][i] = i % n;
        }
        return new NDArray[] {values.rows(picks[0]), values.rows(picks[1])};
    }

    /** Returns the least and greatest integers of a dtype, and some between. */
    static NDArray edges(DType dtype) {
        // spotless:off
        long[] values = {
            0,
            1,
            2,
            3,
            5,
            7,
            8,
            31,
            32,
            63,
            64,
            100,
            -1,
            -2,
            -3,
            -7,
            -100,
            Byte.MIN_VALUE,
            Byte.MAX_VALUE,
            255,
            Short.MIN_VALUE,
            Short.MAX_VALUE,
            65535,
            Integer.MIN_VALUE,
            Integer.MAX_VALUE,
            0xffff_ffffL,
            Long.MIN_VALUE,
            Long.MAX_VALUE,
            3037000500L
        };
        // spotless:on
        return NDArray.of(Shape.of(values.length), values).cast(dtype);
    }

    /** Sets an element to {@code value} modulo the dtype's range. */
    static void setExact(NDArray out, int i, BigInteger value) {
        DType dtype = out.dtype();
        BigInteger range = BigInteger.ONE.shiftLeft(dtype.bits());
        BigInteger wrapped = value.mod(range);
        if (!dtype.isUnsigned() && dtype != DType.BOOL && wrapped.testBit(dtype.bits() - 1))
            wrapped = wrapped.subtract(range);
        if (out.data() instanceof long[] l) l[i] = wrapped.longValueExact();
        else ((int[]) out.data())[i] = wrapped.intValueExact();
    }

    private static double expected(Binary function, double a, double b, DType dtype) {
        boolean nan = Double.isNaN(a) || Double.isNaN(b);
        return switch (function) {
            case ADD -> a + b;
            case SUB -> a - b;
            case MUL -> a * b;
            case DIV -> a / b;
            case FLOOR_DIV -> floorDivide(a, b);
            case MOD -> modulo(a, b);
            case POW -> a == 1 || b == 0 || (a == -1 && Double.isInfinite(b)) ? 1 : StrictMath.pow(a, b);
            case MAX -> nan ? Double.NaN : a > b ? a : b;
            case MIN -> nan ? Double.NaN : a < b ? a : b;
            case ATAN2 -> StrictMath.atan2(a, b);
            case NEXT_AFTER -> nan ? Double.NaN : nextAfter(a, b, dtype);
            case EQUAL -> a == b ? 1 : 0;
            case NOT_EQUAL -> a == b ? 0 : 1;
            case LESS -> a < b ? 1 : 0;
            case LESS_EQUAL -> a < b || a == b ? 1 : 0;
            case GREATER -> b < a ? 1 : 0;
            case GREATER_EQUAL -> b < a || a == b ? 1 : 0;
            case LOGICAL_AND -> a == 0 || b == 0 ? 0 : 1;
            case LOGICAL_OR -> a == 0 && b == 0 ? 0 : 1;
            case LOGICAL_XOR -> a == 0 ^ b == 0 ? 1 : 0;
            case BITWISE_AND, BITWISE_OR, BITWISE_XOR, SHIFT_LEFT, SHIFT_RIGHT -> throw new AssertionError(function);
        };
    }

    /** Python's %, exact for finite numbers. */
    private static double modulo(double a, double b) {
        if (!Double.isFinite(a) || b == 0 || Double.isNaN(b)) return Double.NaN;
        if (Double.isInfinite(b)) return a == 0 || (a > 0) == (b > 0) ? a : b;
        var divisor = new BigDecimal(b);
        BigDecimal rest = new BigDecimal(a).remainder(divisor);
        if (rest.signum() != 0 && rest.signum() != divisor.signum()) rest = rest.add(divisor);
        return rest.doubleValue();
    }

    /** NumPy's //: a / b where b is 0, NaN where a is infinite, else the exact quotient rounded down. */
    private static double floorDivide(double a, double b) {
        if (b == 0 || Double.isNaN(a) || Double.isNaN(b)) return a / b;
        if (Double.isInfinite(a)) return Double.NaN;
        if (Double.isInfinite(b)) return a == 0 || (a > 0) == (b > 0) ? 0 : -1;
        BigDecimal[] parts = new BigDecimal(a).divideAndRemainder(new BigDecimal(b));
        boolean down = parts[1].signum() != 0 && (a < 0) != (b < 0);
        return (down ? parts[0].subtract(BigDecimal.ONE) : parts[0])
                .setScale(0, RoundingMode.UNNECESSARY)
                .doubleValue();
    }

    /** Looks for the neighbour by bisection: the value nearest to a that rounds to another one. */
    private static double nextAfter(double a, double b, DType dtype) {
        if (a == b) return b;
        if (dtype == DType.FLOAT64) return StrictMath.nextAfter(a, b);
        double near = a;
        double far = Double.isInfinite(b) ? Math.copySign(Double.MAX_VALUE, b) : b;
        if (Double.isInfinite(a)) near = Math.copySign(Double.MAX_VALUE, a);
        if (dtype.round(near) == dtype.round(far) && dtype.round(near) == a) return a;
        while (true) {
            double middle = near / 2 + far / 2;
            if (middle == near || middle == far) return dtype.round(far);
            if (dtype.round(middle) == a) near = middle;
            else far = middle;
        }
    }

    private static BigInteger expected(Binary function, BigInteger a, BigInteger b, DType dtype) {
        boolean zero = b.signum() == 0;
        return switch (function) {
            case ADD -> a.add(b);
            case SUB -> a.subtract(b);
            case MUL -> a.multiply(b);
            case DIV -> zero ? b : a.divide(b);
            case FLOOR_DIV -> zero ? b : a.subtract(floorMod(a, b)).divide(b);
            case MOD -> zero ? b : floorMod(a, b);
            case POW -> power(a, b, dtype);
            case MAX -> a.max(b);
            case MIN -> a.min(b);
            case EQUAL -> bit(a.equals(b));
            case NOT_EQUAL -> bit(!a.equals(b));
            case LESS -> bit(a.compareTo(b) < 0);
            case LESS_EQUAL -> bit(a.compareTo(b) <= 0);
            case GREATER -> bit(a.compareTo(b) > 0);
            case GREATER_EQUAL -> bit(a.compareTo(b) >= 0);
            case LOGICAL_AND -> bit(a.signum() != 0 && b.signum() != 0);
            case LOGICAL_OR -> bit(a.signum() != 0 || b.signum() != 0);
            case LOGICAL_XOR -> bit(a.signum() != 0 ^ b.signum() != 0);
            case BITWISE_AND -> a.and(b);
            case BITWISE_OR -> a.or(b);
            case BITWISE_XOR -> a.xor(b);
            case SHIFT_LEFT -> tooFar(b, dtype) ? BigInteger.ZERO : a.shiftLeft(b.intValueExact());
            case SHIFT_RIGHT ->
                tooFar(b, dtype) ? BigInteger.valueOf(Math.min(0, a.signum())) : a.shiftRight(b.intValueExact());
            case ATAN2, NEXT_AFTER -> throw new AssertionError(function);
        };
    }

    private static boolean tooFar(BigInteger shift, DType dtype) {
        return shift.signum() < 0 || shift.compareTo(BigInteger.valueOf(dtype.bits())) >= 0;
    }

    private static BigInteger floorMod(BigInteger a, BigInteger b) {
        BigInteger rest = a.mod(b.abs());
        return b.signum() < 0 && rest.signum() != 0 ? rest.add(b) : rest;
    }

    private static BigInteger power(BigInteger a, BigInteger b, DType dtype) {
        BigInteger range = BigInteger.ONE.shiftLeft(dtype.bits());
        if (b.signum() >= 0) return a.mod(range).modPow(b, range);
        if (a.abs().equals(BigInteger.ONE)) return b.testBit(0) ? a : BigInteger.ONE;
        return BigInteger.ZERO;
    }

    private static BigInteger bit(boolean value) {
        return value ? BigInteger.ONE : BigInteger.ZERO;
    }
}
