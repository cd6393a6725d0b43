package org.keras4j.backend;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.op.Unary;

/** The functions of one argument. */
interface UnaryContract extends Contract {
    // spotless:off
    double[] VALUES = {
        0,
        -0.0,
        1,
        -1,
        0.5,
        -0.5,
        1.5,
        -1.5,
        2.5,
        -2.5,
        2,
        -2,
        3.7,
        -3.7,
        1e-3,
        -1e-3,
        1e-6,
        0.1,
        -0.1,
        0.25,
        0.75,
        0.999,
        -0.999,
        1.001,
        5,
        -5,
        9.5,
        -9.5,
        20,
        -20,
        50,
        -50,
        88,
        -88,
        89,
        -89,
        104,
        -104,
        1000.25,
        -1000.25,
        1e5,
        -1e5,
        1e-20,
        -1e-20,
        1e20,
        -1e20,
        1e-40,
        Float.MIN_VALUE,
        -Float.MIN_VALUE,
        Float.MIN_NORMAL,
        Float.MAX_VALUE,
        -Float.MAX_VALUE,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        Double.NaN
    };
    // spotless:on

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "BITWISE_NOT")
    default void functionOfFloats(Unary function) throws IOException {
        for (DType dtype : Samples.FLOATING) {
            NDArray x = points(function, dtype);
            if (x.size() == 0) continue;
            DType to = function.isTest() ? DType.BOOL : dtype;
            NDArray expected = NDArray.zeros(to, x.shape());
            Map<Double, Double> golden = golden().getOrDefault(function, Map.of());
            for (int i = 0; i < x.size(); i++)
                expected.set(i, golden.containsKey(x.get(i)) ? golden.get(x.get(i)) : expected(function, x.get(i)));
            String what = function + " of " + dtype;
            NDArray got = apply(what, function, x, to);
            if (function == Unary.NEG || function == Unary.ABS) Closeness.assertSame(what, expected, got);
            else Closeness.assertClose(what, expected, got, relative(dtype), absolute(function, dtype));
        }
    }

    /** Random bits, so every exponent, and random numbers about the places where the functions bend. */
    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"BITWISE_NOT", "ASINH", "ACOSH", "ATANH", "ERF", "ERFINV", "LGAMMA", "DIGAMMA"})
    default void functionOfManyFloats(Unary function) {
        var random = new Random(function.ordinal());
        NDArray x = NDArray.zeros(DType.FLOAT32, Shape.of(30_011));
        for (int i = 0; i < x.size(); i++)
            x.set(
                    i,
                    switch (i % 3) {
                        case 0 -> Float.intBitsToFloat(random.nextInt());
                        case 1 -> random.nextGaussian() * 20;
                        default -> random.nextDouble() * 2.2 - 1.1;
                    });
        DType to = function.isTest() ? DType.BOOL : DType.FLOAT32;
        NDArray expected = NDArray.zeros(to, x.shape());
        for (int i = 0; i < x.size(); i++) expected.set(i, expected(function, x.get(i)));
        NDArray got = apply(function.name(), function, x, to);
        Closeness.assertClose(
                function + " of many floats", expected, got, relative(x.dtype()), absolute(function, x.dtype()));
    }

    private static double relative(DType dtype) {
        return dtype == DType.FLOAT64 ? 4e-15 : Math.max(1e-6, Closeness.epsilon(dtype));
    }

    /** The error that reducing an angle, or a zero of the function, may leave. */
    private static double absolute(Unary function, DType dtype) {
        boolean crossesZero = switch (function) {
            case SIN, COS, TAN, LGAMMA, DIGAMMA -> true;
            default -> false;
        };
        double denormal = dtype == DType.FLOAT16 ? 0x1p-24 : dtype == DType.FLOAT64 ? 0 : Float.MIN_NORMAL;
        return (crossesZero ? dtype == DType.FLOAT64 ? 2e-15 : 3e-7 : 0) + denormal;
    }

    /** Functions that Java lacks are tested at the points of the golden file only. */
    private static NDArray points(Unary function, DType dtype) throws IOException {
        Map<Double, Double> golden = golden().get(function);
        if (golden == null) return Samples.of(dtype, VALUES);
        List<Double> exact =
                golden.keySet().stream().filter(x -> dtype.round(x) == x).toList();
        return Samples.of(dtype, exact.stream().mapToDouble(x -> x).toArray());
    }

    private NDArray apply(String what, Unary function, NDArray x, DType to) {
        return evaluate(
                what, x.shape(), List.of(new Expression.Load(0, x.dtype()), new Expression.Apply1(function, 0, to)), x);
    }

    private static double expected(Unary function, double x) {
        return switch (function) {
            case NEG -> 0 - x == 0 ? -x : 0 - x;
            case ABS -> Double.longBitsToDouble(Double.doubleToRawLongBits(x) & Long.MAX_VALUE);
            case SIGN -> x > 0 ? 1 : x < 0 ? -1 : x;
            case SQUARE -> x * x;
            case RECIPROCAL -> 1 / x;
            case SQRT -> StrictMath.sqrt(x);
            case RSQRT -> 1 / StrictMath.sqrt(x);
            case EXP -> StrictMath.exp(x);
            case EXPM1 -> StrictMath.expm1(x);
            case LOG -> StrictMath.log(x);
            case LOG1P -> StrictMath.log1p(x);
            case SIN -> StrictMath.sin(x);
            case COS -> StrictMath.cos(x);
            case TAN -> StrictMath.tan(x);
            case ASIN -> StrictMath.asin(x);
            case ACOS -> StrictMath.acos(x);
            case ATAN -> StrictMath.atan(x);
            case SINH -> StrictMath.sinh(x);
            case COSH -> StrictMath.cosh(x);
            case TANH -> StrictMath.tanh(x);
            case SIGMOID -> x < 0 ? StrictMath.exp(x) / (1 + StrictMath.exp(x)) : 1 / (1 + StrictMath.exp(-x));
            case RELU -> x < 0 ? 0 : x;
            case SOFTPLUS -> x > 40 ? x : StrictMath.log1p(StrictMath.exp(x));
            case FLOOR -> StrictMath.floor(x);
            case CEIL -> StrictMath.ceil(x);
            case ROUND -> StrictMath.rint(x);
            case TRUNC -> x > 0 ? StrictMath.floor(x) : StrictMath.ceil(x);
            case LOGICAL_NOT -> x == 0 ? 1 : 0;
            case IS_NAN -> x != x ? 1 : 0;
            case IS_INF -> StrictMath.abs(x) == Double.POSITIVE_INFINITY ? 1 : 0;
            case IS_FINITE -> x - x == 0 ? 1 : 0;
            case BITWISE_NOT -> throw new AssertionError(function);
            case ASINH, ACOSH, ATANH, ERF, ERFINV, LGAMMA, DIGAMMA -> throw new AssertionError(function);
        };
    }

    @Test
    default void specialFunctionsAtTheirLimits() {
        double inf = Double.POSITIVE_INFINITY;
        checkAt(Unary.ERF, new double[] {0, -0.0, inf, -inf, Double.NaN}, 0, -0.0, 1, -1, Double.NaN);
        checkAt(Unary.ERFINV, new double[] {0, 1, -1, 1.5, Double.NaN}, 0, inf, -inf, Double.NaN, Double.NaN);
        checkAt(Unary.LGAMMA, new double[] {0, -1, -7, inf, Double.NaN}, inf, inf, inf, inf, Double.NaN);
        checkAt(Unary.DIGAMMA, new double[] {-1, -7, inf, Double.NaN}, Double.NaN, Double.NaN, inf, Double.NaN);
        checkAt(Unary.ASINH, new double[] {0, inf, -inf, Double.NaN}, 0, inf, -inf, Double.NaN);
        checkAt(Unary.ACOSH, new double[] {1, inf, 0.5, -2, Double.NaN}, 0, inf, Double.NaN, Double.NaN, Double.NaN);
        checkAt(Unary.ATANH, new double[] {0, 1, -1, 1.5, Double.NaN}, 0, inf, -inf, Double.NaN, Double.NaN);
    }

    private void checkAt(Unary function, double[] x, double... expected) {
        for (DType dtype : new DType[] {DType.FLOAT32, DType.FLOAT64}) {
            NDArray got = apply(function.name(), function, Samples.of(dtype, x), dtype);
            Closeness.assertClose(function + " at its limits", Samples.of(dtype, expected), got, 0, 0);
        }
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "NEG",
                "ABS",
                "SIGN",
                "SQUARE",
                "RECIPROCAL",
                "RELU",
                "FLOOR",
                "CEIL",
                "ROUND",
                "TRUNC",
                "BITWISE_NOT",
                "LOGICAL_NOT",
                "IS_NAN",
                "IS_INF",
                "IS_FINITE"
            })
    default void functionOfIntegers(Unary function) {
        for (DType dtype : Samples.INTEGERS) {
            NDArray x = BinaryContract.edges(dtype);
            DType to = function.isTest() ? DType.BOOL : dtype;
            NDArray expected = NDArray.zeros(to, x.shape());
            for (int i = 0; i < x.size(); i++)
                BinaryContract.setExact(expected, i, expected(function, BigInteger.valueOf(x.getLong(i))));
            Closeness.assertSame(function + " of " + dtype, expected, apply(function.name(), function, x, to));
        }
    }

    private static BigInteger expected(Unary function, BigInteger x) {
        return switch (function) {
            case NEG -> x.negate();
            case ABS -> x.abs();
            case SIGN -> BigInteger.valueOf(x.signum());
            case SQUARE -> x.multiply(x);
            case RECIPROCAL -> x.abs().equals(BigInteger.ONE) ? x : BigInteger.ZERO;
            case RELU -> x.max(BigInteger.ZERO);
            case FLOOR, CEIL, ROUND, TRUNC -> x;
            case BITWISE_NOT -> x.not();
            case LOGICAL_NOT -> x.signum() == 0 ? BigInteger.ONE : BigInteger.ZERO;
            case IS_NAN, IS_INF -> BigInteger.ZERO;
            case IS_FINITE -> BigInteger.ONE;
            default -> throw new AssertionError(function);
        };
    }

    @Test
    default void notOfBool() {
        NDArray x = Samples.of(DType.BOOL, 0, 1, 1, 0, 1);
        NDArray not = Samples.of(DType.BOOL, 1, 0, 0, 1, 0);
        Closeness.assertSame("LOGICAL_NOT", not, apply("LOGICAL_NOT", Unary.LOGICAL_NOT, x, DType.BOOL));
        Closeness.assertSame("BITWISE_NOT", not, apply("BITWISE_NOT", Unary.BITWISE_NOT, x, DType.BOOL));
    }

    /** Reads {@code function,x,value} lines; its first line says how they were made. */
    private static Map<Unary, Map<Double, Double>> golden() throws IOException {
        Map<Unary, Map<Double, Double>> golden = new EnumMap<>(Unary.class);
        try (var lines = new BufferedReader(new InputStreamReader(
                UnaryContract.class.getResourceAsStream("/golden/special-functions.csv"), StandardCharsets.UTF_8))) {
            for (String line : new ArrayList<>(lines.lines().toList())) {
                if (line.startsWith("#")) continue;
                String[] parts = line.split(",");
                golden.computeIfAbsent(Unary.valueOf(parts[0]), f -> new TreeMap<>())
                        .put(Double.valueOf(parts[1]), Double.valueOf(parts[2]));
            }
        }
        return golden;
    }
}
