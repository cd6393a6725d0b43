package org.keras4j.op;

/** The elementwise functions of one argument. Result dtype is the argument's, unless {@link #isTest}. */
public enum Unary {
    NEG,
    ABS,
    SIGN,
    SQUARE,
    RECIPROCAL,
    SQRT,
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
    /** max(x, 0), where NaN stays NaN. */
    RELU,
    /** log(1 + exp(x)), without overflow. */
    SOFTPLUS,
    ERF,
    ERFINV,
    /** The logarithm of the absolute value of the gamma function. */
    LGAMMA,
    DIGAMMA,
    FLOOR,
    CEIL,
    /** To the nearest whole number, ties to even. */
    ROUND,
    TRUNC,
    /** 1 where the argument is 0, else 0; bool in, bool out. */
    LOGICAL_NOT,
    BITWISE_NOT,
    IS_NAN,
    IS_INF,
    IS_FINITE;

    /** Says whether the result is bool whatever the argument. */
    public boolean isTest() {
        return switch (this) {
            case IS_NAN, IS_INF, IS_FINITE, LOGICAL_NOT -> true;
            default -> false;
        };
    }
}
