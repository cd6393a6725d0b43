package org.keras4j.backend.reference;

import java.util.function.DoublePredicate;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongUnaryOperator;
import org.keras4j.DType;
import org.keras4j.op.Unary;

/** The elementwise functions of one argument, in double for floating dtypes and in long for all others. */
public final class UnaryMath {
    private UnaryMath() {}

    public static DoubleUnaryOperator floating(Unary function) {
        return switch (function) {
            case NEG -> x -> -x;
            case ABS -> Math::abs;
            case SIGN -> Math::signum;
            case SQUARE -> x -> x * x;
            case RECIPROCAL -> x -> 1 / x;
            case SQRT -> Math::sqrt;
            case RSQRT -> x -> 1 / Math.sqrt(x);
            case EXP -> Math::exp;
            case EXPM1 -> Math::expm1;
            case LOG -> Math::log;
            case LOG1P -> Math::log1p;
            case SIN -> Math::sin;
            case COS -> Math::cos;
            case TAN -> Math::tan;
            case ASIN -> Math::asin;
            case ACOS -> Math::acos;
            case ATAN -> Math::atan;
            case SINH -> Math::sinh;
            case COSH -> Math::cosh;
            case TANH -> Math::tanh;
            case ASINH -> SpecialFunctions::asinh;
            case ACOSH -> SpecialFunctions::acosh;
            case ATANH -> SpecialFunctions::atanh;
            case SIGMOID -> UnaryMath::sigmoid;
            case RELU -> x -> x > 0 || x != x ? x : 0;
            case SOFTPLUS -> x -> Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
            case ERF -> SpecialFunctions::erf;
            case ERFINV -> SpecialFunctions::erfinv;
            case LGAMMA -> SpecialFunctions::lgamma;
            case DIGAMMA -> SpecialFunctions::digamma;
            case FLOOR -> Math::floor;
            case CEIL -> Math::ceil;
            case ROUND -> Math::rint;
            case TRUNC -> x -> x < 0 ? Math.ceil(x) : Math.floor(x);
            case BITWISE_NOT -> throw refused(function, "an integer dtype");
            case LOGICAL_NOT, IS_NAN, IS_INF, IS_FINITE -> throw refused(function, "to be called as a test");
        };
    }

    /** Returns the functions whose result is bool. */
    public static DoublePredicate test(Unary function) {
        return switch (function) {
            case LOGICAL_NOT -> x -> x == 0;
            case IS_NAN -> Double::isNaN;
            case IS_INF -> Double::isInfinite;
            case IS_FINITE -> Double::isFinite;
            default -> throw refused(function, "to be a test");
        };
    }

    /** Returns the functions that integers and bool have; the caller wraps the result. */
    public static LongUnaryOperator integer(Unary function, DType dtype) {
        return switch (function) {
            case NEG -> x -> -x;
            case ABS -> Math::abs;
            case SIGN -> Long::signum;
            case SQUARE -> x -> x * x;
            case RECIPROCAL -> x -> x == 0 ? 0 : 1 / x;
            case RELU -> x -> Math.max(x, 0);
            case FLOOR, CEIL, ROUND, TRUNC -> x -> x;
            case LOGICAL_NOT -> x -> x == 0 ? 1 : 0;
            case BITWISE_NOT -> dtype == DType.BOOL ? x -> 1 - x : x -> ~x;
            case IS_NAN, IS_INF -> x -> 0;
            case IS_FINITE -> x -> 1;
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
                    DIGAMMA -> throw refused(function, "a floating dtype, got " + dtype);
        };
    }

    private static double sigmoid(double x) {
        double e = Math.exp(-Math.abs(x));
        return (x < 0 ? e : 1) / (1 + e);
    }

    private static IllegalArgumentException refused(Unary function, String expected) {
        return new IllegalArgumentException(function + ": expected " + expected);
    }
}
