package org.keras4j.ops;

import org.keras4j.DType;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.op.Binary;
import org.keras4j.op.Unary;

/** Elementwise functions made of several primitives. */
final class Elementwise {
    private Elementwise() {}

    static Tensor clip(Tensor x, double low, double high) {
        Tensor y = Arithmetic.boolToInt(x);
        if (!y.dtype().isFloating() && (low != Math.rint(low) || high != Math.rint(high))) y = Arithmetic.toFloat(y);
        Tensor up = Primitives.binary(Binary.MAX, y, Arithmetic.fullLike(y, low));
        return Primitives.binary(Binary.MIN, up, Arithmetic.fullLike(y, high));
    }

    static Tensor clip(Tensor x, Tensor low, Tensor high) {
        return Arithmetic.binary(
                Binary.MIN, Arithmetic.binary(Binary.MAX, Arithmetic.boolToInt(x), low), high);
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
}
