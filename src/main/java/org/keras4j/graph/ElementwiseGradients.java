package org.keras4j.graph;

import static org.keras4j.graph.Primitives.add;
import static org.keras4j.graph.Primitives.div;
import static org.keras4j.graph.Primitives.full;
import static org.keras4j.graph.Primitives.mul;
import static org.keras4j.graph.Primitives.neg;
import static org.keras4j.graph.Primitives.scale;
import static org.keras4j.graph.Primitives.select;
import static org.keras4j.graph.Primitives.shift;
import static org.keras4j.graph.Primitives.sub;
import static org.keras4j.graph.Primitives.zeros;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.keras4j.op.Binary;
import org.keras4j.op.Op;
import org.keras4j.op.Unary;

/** Derivatives of the elementwise functions, in terms of the result where that saves keeping the argument. */
final class ElementwiseGradients {
    private ElementwiseGradients() {}

    /** Returns {@code dy * f'(x)} for {@code y = f(x)}; null where the derivative is 0 everywhere. */
    static @Nullable Tensor unary(Unary f, Tensor x, Tensor y, Tensor dy) {
        return switch (f) {
            case NEG -> neg(dy);
            case ABS -> mul(dy, Primitives.unary(Unary.SIGN, x));
            case SQUARE -> mul(dy, scale(x, 2));
            case RECIPROCAL -> neg(mul(dy, mul(y, y)));
            case SQRT -> div(scale(dy, 0.5), y);
            case RSQRT -> scale(mul(dy, mul(y, mul(y, y))), -0.5);
            case EXP -> mul(dy, y);
            case EXPM1 -> mul(dy, shift(y, 1));
            case LOG -> div(dy, x);
            case LOG1P -> div(dy, shift(x, 1));
            case SIN -> mul(dy, Primitives.unary(Unary.COS, x));
            case COS -> neg(mul(dy, Primitives.unary(Unary.SIN, x)));
            case TAN -> mul(dy, shift(mul(y, y), 1));
            case ASIN -> mul(dy, rsqrt(oneMinusSquare(x)));
            case ACOS -> neg(mul(dy, rsqrt(oneMinusSquare(x))));
            case ATAN -> div(dy, shift(mul(x, x), 1));
            case SINH -> mul(dy, Primitives.unary(Unary.COSH, x));
            case COSH -> mul(dy, Primitives.unary(Unary.SINH, x));
            case TANH -> mul(dy, oneMinusSquare(y));
            case ASINH -> mul(dy, rsqrt(shift(mul(x, x), 1)));
            case ACOSH -> mul(dy, rsqrt(mul(shift(x, -1), shift(x, 1))));
            case ATANH -> div(dy, oneMinusSquare(x));
            case SIGMOID -> mul(dy, mul(y, sub(full(1, y.dtype(), y.shape()), y)));
            case RELU -> select(Primitives.binary(Binary.GREATER, y, zeros(y.spec())), dy, zeros(dy.spec()));
            case SOFTPLUS -> mul(dy, Primitives.unary(Unary.SIGMOID, x));
            case ERF -> mul(dy, scale(Primitives.unary(Unary.EXP, neg(mul(x, x))), 2 / Math.sqrt(Math.PI)));
            case ERFINV -> mul(dy, scale(Primitives.unary(Unary.EXP, mul(y, y)), Math.sqrt(Math.PI) / 2));
            case LGAMMA -> mul(dy, Primitives.unary(Unary.DIGAMMA, x));
            case DIGAMMA -> mul(dy, trigamma(x));
            case SIGN, FLOOR, CEIL, ROUND, TRUNC, LOGICAL_NOT, BITWISE_NOT, IS_NAN, IS_INF, IS_FINITE -> null;
        };
    }

    /** Returns the gradients for a and b of {@code y = f(a, b)}. */
    static List<@Nullable Tensor> binary(Binary f, Tensor a, Tensor b, Tensor y, Tensor dy) {
        return switch (f) {
            case ADD -> Gradients.list(dy, dy);
            case SUB -> Gradients.list(dy, neg(dy));
            case MUL -> Gradients.list(mul(dy, b), mul(dy, a));
            case DIV -> Gradients.list(div(dy, b), neg(div(mul(dy, y), b)));
            case MOD -> Gradients.list(dy, neg(mul(dy, Primitives.binary(Binary.FLOOR_DIV, a, b))));
            case POW -> Gradients.list(powBase(a, b, dy), powExponent(a, y, dy));
            case MAX -> Gradients.list(winner(Binary.GREATER, a, b, dy), winner(Binary.GREATER, b, a, dy));
            case MIN -> Gradients.list(winner(Binary.LESS, a, b, dy), winner(Binary.LESS, b, a, dy));
            case ATAN2 -> {
                Tensor scaled = div(dy, add(mul(a, a), mul(b, b)));
                yield Gradients.list(mul(scaled, b), neg(mul(scaled, a)));
            }
            case FLOOR_DIV,
                    EQUAL,
                    NOT_EQUAL,
                    LESS,
                    LESS_EQUAL,
                    GREATER,
                    GREATER_EQUAL,
                    LOGICAL_AND,
                    LOGICAL_OR,
                    LOGICAL_XOR,
                    BITWISE_AND,
                    BITWISE_OR,
                    BITWISE_XOR,
                    SHIFT_LEFT,
                    SHIFT_RIGHT,
                    NEXT_AFTER -> Gradients.list(null, null);
        };
    }

    private static Tensor powBase(Tensor a, Tensor b, Tensor dy) {
        if (b.op() instanceof Op.Full(double p, var _)) {
            if (p == 0) return zeros(dy.spec());
            if (p == 2) return mul(dy, scale(a, 2));
            return mul(dy, scale(Primitives.binary(Binary.POW, a, full(p - 1, a.dtype(), a.shape())), p));
        }
        // 0 * pow(0, -1) would be NaN where the exponent is 0.
        Tensor isZero = Primitives.binary(Binary.EQUAL, b, zeros(b.spec()));
        Tensor exponent = select(isZero, full(1, b.dtype(), b.shape()), shift(b, -1));
        return mul(dy, mul(b, Primitives.binary(Binary.POW, a, exponent)));
    }

    private static Tensor powExponent(Tensor a, Tensor y, Tensor dy) {
        Tensor isZero = Primitives.binary(Binary.EQUAL, a, zeros(a.spec()));
        Tensor safe = select(isZero, full(1, a.dtype(), a.shape()), a);
        return mul(dy, mul(y, Primitives.unary(Unary.LOG, safe)));
    }

    /** Returns dy where a wins over b, half of it where they are equal, 0 elsewhere. */
    private static Tensor winner(Binary wins, Tensor a, Tensor b, Tensor dy) {
        Tensor equal = Primitives.binary(Binary.EQUAL, a, b);
        return select(Primitives.binary(wins, a, b), dy, select(equal, scale(dy, 0.5), zeros(dy.spec())));
    }

    /**
     * The derivative of digamma: recurrence up to arguments of at least 8, then the asymptotic series, and reflection
     * for negative arguments (Abramowitz and Stegun 6.4.6, 6.4.7, 6.4.12).
     */
    private static Tensor trigamma(Tensor x) {
        Tensor negative = Primitives.binary(Binary.LESS, x, zeros(x.spec()));
        Tensor positive = select(negative, sub(full(1, x.dtype(), x.shape()), x), x);
        Tensor sum = zeros(x.spec());
        for (int k = 0; k < 8; k++) {
            Tensor r = Primitives.unary(Unary.RECIPROCAL, shift(positive, k));
            sum = add(sum, mul(r, r));
        }
        Tensor r = Primitives.unary(Unary.RECIPROCAL, shift(positive, 8));
        Tensor r2 = mul(r, r);
        Tensor series = full(0, x.dtype(), x.shape());
        double[] bernoulli = {7.0 / 6, -691.0 / 2730, 5.0 / 66, -1.0 / 30, 1.0 / 42, -1.0 / 30, 1.0 / 6};
        for (double b : bernoulli) series = mul(shift(series, b), r2);
        Tensor tail = add(r, add(scale(r2, 0.5), mul(series, r)));
        Tensor value = add(sum, tail);
        Tensor sine = Primitives.unary(Unary.SIN, scale(x, Math.PI));
        Tensor reflected = sub(div(full(Math.PI * Math.PI, x.dtype(), x.shape()), mul(sine, sine)), value);
        return select(negative, reflected, value);
    }

    private static Tensor oneMinusSquare(Tensor x) {
        return sub(full(1, x.dtype(), x.shape()), mul(x, x));
    }

    private static Tensor rsqrt(Tensor x) {
        return Primitives.unary(Unary.RSQRT, x);
    }
}
