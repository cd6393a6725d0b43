package org.keras4j.ops;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Scans;
import org.keras4j.graph.Tensor;
import org.keras4j.op.Binary;
import org.keras4j.op.Unary;

/** Elementwise functions made of several primitives. */
final class Elementwise {
    /** Euclid's algorithm takes at most so many steps for 64-bit numbers (Lamé 1844). */
    private static final int EUCLID_STEPS = 93;

    private Elementwise() {}

    static Tensor clip(Tensor x, double low, double high) {
        Tensor y = Arithmetic.boolToInt(x);
        if (!y.dtype().isFloating() && (low != Math.rint(low) || high != Math.rint(high))) y = Arithmetic.toFloat(y);
        Tensor up = Primitives.binary(Binary.MAX, y, Arithmetic.fullLike(y, low));
        return Primitives.binary(Binary.MIN, up, Arithmetic.fullLike(y, high));
    }

    static Tensor clip(Tensor x, Tensor low, Tensor high) {
        return Arithmetic.binary(Binary.MIN, Arithmetic.binary(Binary.MAX, Arithmetic.boolToInt(x), low), high);
    }

    static Tensor square(Tensor x) {
        Tensor y = Arithmetic.boolToInt(x);
        return Primitives.mul(y, y);
    }

    /** Integers are rounded as they are; decimals shift the point. */
    static Tensor round(Tensor x, int decimals) {
        if (x.dtype() == DType.BOOL) return Primitives.cast(x, DType.INT32);
        if (!x.dtype().isFloating() && decimals >= 0) return x;
        if (decimals == 0) return Primitives.unary(Unary.ROUND, x);
        Tensor f = Arithmetic.toFloat(x);
        double factor = Math.pow(10, decimals);
        Tensor y = Primitives.scale(Primitives.unary(Unary.ROUND, Primitives.scale(f, factor)), 1 / factor);
        return Primitives.cast(y, x.dtype());
    }

    static Tensor trunc(Tensor x) {
        return x.dtype().isFloating() ? Primitives.unary(Unary.TRUNC, x) : Arithmetic.boolToInt(x);
    }

    static Tensor abs(Tensor x) {
        return x.dtype() == DType.BOOL ? x : Primitives.unary(Unary.ABS, x);
    }

    /** The angle of a real number in the complex plane: 0, or pi where negative. */
    static Tensor angle(Tensor x) {
        Tensor f = Arithmetic.toFloat(x);
        return Primitives.binary(Binary.ATAN2, Arithmetic.fullLike(f, 0), f);
    }

    static Tensor cbrt(Tensor x) {
        Tensor f = toWideFloat(x);
        Tensor root = Primitives.binary(Binary.POW, Primitives.unary(Unary.ABS, f), Arithmetic.fullLike(f, 1.0 / 3));
        return Primitives.mul(Primitives.unary(Unary.SIGN, f), root);
    }

    private static Tensor toWideFloat(Tensor x) {
        return Primitives.cast(x, DTypes.wideFloating(x.dtype()));
    }

    static Tensor deg2rad(Tensor x) {
        return Primitives.scale(toWideFloat(x), Math.PI / 180);
    }

    static Tensor rad2deg(Tensor x) {
        return Primitives.scale(toWideFloat(x), 180 / Math.PI);
    }

    static Tensor exp2(Tensor x) {
        Tensor f = Arithmetic.toFloat(x);
        return Primitives.binary(Binary.POW, Arithmetic.fullLike(f, 2), f);
    }

    /** The logarithm to another base. */
    static Tensor log(Tensor x, double base) {
        return Primitives.scale(Arithmetic.floatUnary(Unary.LOG, x), 1 / Math.log(base));
    }

    static Tensor power(Tensor a, Tensor b) {
        Tensor[] both = {Arithmetic.boolToInt(a), Arithmetic.boolToInt(b)};
        return Arithmetic.binary(Binary.POW, both[0], both[1]);
    }

    /** The other one where one is NaN. */
    static Tensor ignoringNan(Binary f, Tensor a, Tensor b) {
        List<Tensor> both = Arithmetic.promote(List.of(a, b));
        Tensor x = both.get(0);
        Tensor y = both.get(1);
        if (!x.dtype().isFloating()) return Arithmetic.binary(f, x, y);
        // Of equals the first is taken, and gets the gradient.
        Tensor first = Arithmetic.binary(f == Binary.MAX ? Binary.GREATER_EQUAL : Binary.LESS_EQUAL, x, y);
        Tensor only = Arithmetic.broadcastTo(Primitives.unary(Unary.IS_NAN, y), first.shape());
        return Arithmetic.where(Arithmetic.logical(Binary.LOGICAL_OR, first, only), x, y);
    }

    /** The remainder with the sign of {@code a}. */
    static Tensor fmod(Tensor a, Tensor b) {
        DType dtype = DTypes.result(a.dtype(), b.dtype());
        if (dtype == DType.BOOL) dtype = DType.INT32;
        Tensor size =
                Arithmetic.apply(Binary.MOD, abs(Primitives.cast(a, dtype)), abs(Primitives.cast(b, dtype)), dtype);
        if (dtype.isUnsigned()) return size;
        return Arithmetic.where(Arithmetic.test(Binary.LESS, a, 0), Primitives.neg(size), size);
    }

    static Tensor gcd(Tensor a, Tensor b) {
        List<Tensor> both = Arithmetic.promote(List.of(Arithmetic.boolToInt(a), Arithmetic.boolToInt(b)));
        var shape = Arithmetic.broadcast(both);
        Tensor x = Arithmetic.broadcastTo(abs(both.get(0)), shape);
        Tensor y = Arithmetic.broadcastTo(abs(both.get(1)), shape);
        return Scans.scan(EUCLID_STEPS, false, List.of(x, y), List.of(), (carried, _) -> {
                    Tensor done = Arithmetic.test(Binary.EQUAL, carried.get(1), 0);
                    Tensor divisor = Primitives.select(done, Arithmetic.fullLike(x, 1), carried.get(1));
                    Tensor rest = Primitives.binary(Binary.MOD, carried.get(0), divisor);
                    Tensor first = Primitives.select(done, carried.get(0), carried.get(1));
                    Tensor second = Primitives.select(done, carried.get(1), rest);
                    return new Scans.Step(List.of(first, second), List.of());
                })
                .carried()
                .getFirst();
    }

    static Tensor lcm(Tensor a, Tensor b) {
        Tensor divisor = gcd(a, b);
        Tensor safe = Primitives.binary(Binary.MAX, divisor, Arithmetic.fullLike(divisor, 1));
        Tensor x = Arithmetic.broadcastTo(abs(Primitives.cast(a, divisor.dtype())), divisor.shape());
        Tensor y = abs(Primitives.cast(b, divisor.dtype()));
        return Arithmetic.binary(Binary.MUL, Primitives.binary(Binary.DIV, x, safe), y);
    }

    /** 0 below 0, {@code atZero} at 0, 1 above; NaN stays. */
    static Tensor heaviside(Tensor x, Tensor atZero) {
        DType dtype = DTypes.wideFloating(DTypes.result(x.dtype(), atZero.dtype()));
        Tensor f = Primitives.cast(x, dtype);
        Tensor sign = Primitives.scale(Primitives.shift(Primitives.unary(Unary.SIGN, f), 1), 0.5);
        return Arithmetic.where(Arithmetic.test(Binary.EQUAL, f, 0), Primitives.cast(atZero, dtype), sign);
    }

    static Tensor hypot(Tensor a, Tensor b) {
        DType dtype = DTypes.wideFloating(DTypes.result(a.dtype(), b.dtype()));
        Tensor x = abs(Primitives.cast(a, dtype));
        Tensor y = abs(Primitives.cast(b, dtype));
        Tensor high = Arithmetic.binary(Binary.MAX, x, y);
        Tensor low = Arithmetic.binary(Binary.MIN, x, y);
        Tensor zero = Arithmetic.test(Binary.EQUAL, high, 0);
        Tensor ratio = Primitives.div(low, Arithmetic.where(zero, 1.0, high));
        Tensor root = Primitives.unary(Unary.SQRT, Primitives.shift(Primitives.mul(ratio, ratio), 1));
        Tensor infinite = Arithmetic.logical(
                Binary.LOGICAL_OR,
                Arithmetic.test(Binary.EQUAL, x, Double.POSITIVE_INFINITY),
                Arithmetic.test(Binary.EQUAL, y, Double.POSITIVE_INFINITY));
        return Arithmetic.where(infinite, Double.POSITIVE_INFINITY, Primitives.mul(high, root));
    }

    /** The modified Bessel function of order 0: Abramowitz and Stegun 1964, 9.8.1 and 9.8.2 (error below 2e-7). */
    static Tensor i0(Tensor x) {
        Tensor f = Primitives.unary(Unary.ABS, toWideFloat(x));
        Tensor near = Primitives.binary(Binary.MIN, f, Arithmetic.fullLike(f, 3.75));
        Tensor far = Primitives.binary(Binary.MAX, f, Arithmetic.fullLike(f, 3.75));
        Tensor t = Primitives.scale(near, 1 / 3.75);
        Tensor inside =
                polynomial(Primitives.mul(t, t), 1, 3.5156229, 3.0899424, 1.2067492, 0.2659732, 0.0360768, 0.0045813);
        Tensor u = Primitives.div(Arithmetic.fullLike(far, 3.75), far);
        Tensor tail = polynomial(
                u,
                0.39894228,
                0.01328592,
                0.00225319,
                -0.00157565,
                0.00916281,
                -0.02057706,
                0.02635537,
                -0.01647633,
                0.00392377);
        Tensor outside = Primitives.mul(
                tail, Primitives.mul(Primitives.unary(Unary.EXP, far), Primitives.unary(Unary.RSQRT, far)));
        return Primitives.select(Arithmetic.test(Binary.LESS_EQUAL, f, 3.75), inside, outside);
    }

    private static Tensor polynomial(Tensor x, double... coefficients) {
        Tensor y = Arithmetic.fullLike(x, coefficients[coefficients.length - 1]);
        for (int i = coefficients.length - 2; i >= 0; i--) y = Primitives.shift(Primitives.mul(y, x), coefficients[i]);
        return y;
    }

    /** Says where {@code |a - b| <= atol + rtol |b|}; equal infinities are close. */
    static Tensor isclose(Tensor a, Tensor b, double rtol, double atol, boolean equalNan) {
        DType dtype = DTypes.floating(DTypes.result(a.dtype(), b.dtype()));
        Tensor x = Primitives.cast(a, dtype);
        Tensor y = Primitives.cast(b, dtype);
        Tensor difference = Primitives.unary(Unary.ABS, Arithmetic.binary(Binary.SUB, x, y));
        Tensor bound = Primitives.shift(Primitives.scale(Primitives.unary(Unary.ABS, y), rtol), atol);
        Tensor near = Arithmetic.binary(Binary.LESS_EQUAL, difference, bound);
        Tensor finite = Arithmetic.logical(
                Binary.LOGICAL_AND, Primitives.unary(Unary.IS_FINITE, x), Primitives.unary(Unary.IS_FINITE, y));
        Tensor close = Arithmetic.logical(
                Binary.LOGICAL_OR,
                Arithmetic.logical(Binary.LOGICAL_AND, near, finite),
                Arithmetic.binary(Binary.EQUAL, x, y));
        if (!equalNan) return close;
        Tensor bothNan = Arithmetic.logical(
                Binary.LOGICAL_AND, Primitives.unary(Unary.IS_NAN, x), Primitives.unary(Unary.IS_NAN, y));
        return Arithmetic.logical(Binary.LOGICAL_OR, close, bothNan);
    }

    /** The values that are in {@code elements}. */
    static Tensor isin(Tensor x, Tensor elements, boolean invert) {
        Tensor wide = Manipulation.expandDims(x, -1);
        Tensor flat = Manipulation.reshape(elements, -1);
        Tensor found = Reductions.any(Arithmetic.binary(Binary.EQUAL, wide, flat), new int[] {-1}, false);
        return invert ? Primitives.unary(Unary.LOGICAL_NOT, found) : found;
    }

    /** x * 2^y. */
    static Tensor ldexp(Tensor x, Tensor y) {
        DType dtype = DTypes.withFloat(DTypes.result(x.dtype(), y.dtype()));
        return Arithmetic.binary(Binary.MUL, Primitives.cast(x, dtype), exp2(Primitives.cast(y, dtype)));
    }

    /** log(base^a + base^b) to that base. */
    static Tensor logaddexp(Tensor a, Tensor b, double base) {
        DType dtype = DTypes.floating(DTypes.result(a.dtype(), b.dtype()));
        double scale = Math.log(base);
        Tensor x = Primitives.cast(a, dtype);
        Tensor y = Primitives.cast(b, dtype);
        Tensor high = Arithmetic.binary(Binary.MAX, x, y);
        Tensor equal = Arithmetic.binary(Binary.EQUAL, x, y);
        Tensor difference = Primitives.unary(Unary.ABS, Arithmetic.binary(Binary.SUB, x, y));
        Tensor apart = Arithmetic.where(equal, 0.0, difference);
        Tensor more = Primitives.unary(Unary.LOG1P, Primitives.unary(Unary.EXP, Primitives.scale(apart, -scale)));
        return Primitives.add(high, Primitives.scale(more, 1 / scale));
    }

    static Tensor nanToNum(Tensor x, double nan, @Nullable Double posinf, @Nullable Double neginf) {
        if (!x.dtype().isFloating()) return x;
        double greatest = greatestFinite(x.dtype());
        Tensor y = Arithmetic.where(Primitives.unary(Unary.IS_NAN, x), nan, x);
        y = Arithmetic.where(isInfinite(y, 1), posinf == null ? greatest : posinf, y);
        return Arithmetic.where(isInfinite(y, -1), neginf == null ? -greatest : neginf, y);
    }

    static Tensor isInfinite(Tensor x, int sign) {
        Tensor f = Arithmetic.toFloat(x);
        return Arithmetic.test(Binary.EQUAL, f, sign * Double.POSITIVE_INFINITY);
    }

    static double greatestFinite(DType dtype) {
        return switch (dtype) {
            case FLOAT16 -> 65504;
            case BFLOAT16 -> 0x1.fep127;
            case FLOAT32 -> Float.MAX_VALUE;
            case FLOAT64 -> Double.MAX_VALUE;
            case BOOL, UINT8, UINT16, UINT32, INT8, INT16, INT32, INT64 -> Indexing.highest(dtype);
        };
    }

    /** True for negative numbers and -0.0. */
    static Tensor signbit(Tensor x) {
        if (!x.dtype().isFloating()) return Arithmetic.test(Binary.LESS, x, 0);
        Tensor below = Arithmetic.test(Binary.LESS, Primitives.unary(Unary.RECIPROCAL, x), 0);
        return Arithmetic.logical(Binary.LOGICAL_OR, below, Arithmetic.test(Binary.LESS, x, 0));
    }

    /** sin(pi x) / (pi x). */
    static Tensor sinc(Tensor x) {
        Tensor f = Primitives.scale(Arithmetic.toFloat(x), Math.PI);
        Tensor zero = Arithmetic.test(Binary.EQUAL, f, 0);
        Tensor safe = Primitives.select(zero, Arithmetic.fullLike(f, 1), f);
        Tensor y = Primitives.div(Primitives.unary(Unary.SIN, safe), safe);
        return Primitives.select(zero, Arithmetic.fullLike(f, 1), y);
    }

    static Tensor divideNoNan(Tensor a, Tensor b) {
        Tensor divisor = Primitives.cast(b, DTypes.withFloat(DTypes.result(a.dtype(), b.dtype())));
        Tensor zero = Arithmetic.test(Binary.EQUAL, divisor, 0);
        Tensor y = Arithmetic.floatBinary(Binary.DIV, a, Arithmetic.where(zero, 1.0, divisor));
        return Arithmetic.where(Arithmetic.broadcastTo(zero, y.shape()), 0.0, y);
    }

    /** Converts after cutting off what the dtype cannot hold. */
    static Tensor saturateCast(Tensor x, DType to) {
        if (to == DType.BOOL || x.dtype() == to) return Primitives.cast(x, to);
        if (to.isFloating()) {
            if (!x.dtype().isFloating()) return Primitives.cast(x, to);
            double most = Math.min(greatestFinite(to), greatestFinite(x.dtype()));
            return Primitives.cast(clip(x, -most, most), to);
        }
        Tensor wide = x.dtype() == DType.BOOL ? Primitives.cast(x, DType.INT32) : x;
        double low = Math.max(Indexing.lowest(to), lowestFinite(wide.dtype()));
        double high = Math.min(Indexing.highest(to), greatestFinite(wide.dtype()));
        if (wide.dtype().isFloating() && wide.dtype().round(high) > high) {
            // A float32 cannot hold 2^31 - 1: what is above the float before it becomes the greatest integer.
            Tensor most = Primitives.full(Indexing.highest(to), to, wide.shape());
            Tensor below = Primitives.cast(clip(wide, low, Math.nextDown((float) high)), to);
            return Primitives.select(Arithmetic.test(Binary.GREATER_EQUAL, wide, high), most, below);
        }
        return Primitives.cast(clip(wide, low, high), to);
    }

    private static double lowestFinite(DType dtype) {
        return dtype.isFloating() ? -greatestFinite(dtype) : Indexing.lowest(dtype);
    }

    /** The first choice whose condition is true, else {@code otherwise}. */
    static Tensor select(List<Tensor> conditions, List<Tensor> choices, Tensor otherwise) {
        if (conditions.size() != choices.size() || conditions.isEmpty())
            throw new IllegalArgumentException("select: expected one choice for each condition, got "
                    + conditions.size() + " conditions and " + choices.size() + " choices");
        Tensor y = otherwise;
        for (int i = choices.size() - 1; i >= 0; i--) y = Arithmetic.where(conditions.get(i), choices.get(i), y);
        return y;
    }
}
