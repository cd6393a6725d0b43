package org.keras4j.backend.cpu.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Evaluates the transcendental functions of float32, {@code y[i] = f(x[i])}, over the whole range with infinities and NaN.
 *
 * <p>Errors are at most a few units in the last place. The polynomials are our own minimax fits on the reduced ranges;
 * the reductions are the classical ones (Cody and Waite, "Software Manual for the Elementary Functions", 1980).
 */
public final class VectorMath {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;

    private static final int L = S.length();

    /** Adding it rounds a float of less than 2^22 to a whole number, which then lies in the low bits. */
    private static final float ROUNDER = 0x1.8p23f;

    private static final float LN2_HIGH = 0x1.62e4p-1f;
    private static final float LN2_LOW = (float) (Math.log(2) - 0x1.62e4p-1);

    private VectorMath() {}

    private static FloatVector of(float value) {
        return FloatVector.broadcast(S, value);
    }

    /** Computes {@code e^x}: {@code 2^n e^r} with |r| at most half of ln 2. */
    public static void exp(float[] x, int xo, float[] y, int yo, int n) {
        int i = 0;
        for (; i <= n - L; i += L) exp(FloatVector.fromArray(S, x, xo + i)).intoArray(y, yo + i);
        if (i == n) return;
        VectorMask<Float> rest = S.indexInRange(i, n);
        exp(FloatVector.fromArray(S, x, xo + i, rest)).intoArray(y, yo + i, rest);
    }

    static FloatVector exp(FloatVector x) {
        x = x.blend(of(89f), x.compare(VectorOperators.GT, 89f)).blend(of(-105f), x.compare(VectorOperators.LT, -105f));
        FloatVector shifted = x.fma(of(1.44269504f), of(ROUNDER));
        FloatVector whole = shifted.sub(ROUNDER);
        FloatVector r = whole.fma(of(-LN2_LOW), whole.fma(of(-LN2_HIGH), x));
        FloatVector p = of(0.0013952967710793018f).fma(r, of(0.008370322175323963f));
        p = p.fma(r, of(0.041666168719530106f)).fma(r, of(0.16666506230831146f)).fma(r, of(0.5f));
        p = p.fma(r.mul(r), r).add(1f);
        // Two factors, because 2^n alone would overflow or lose the denormal results.
        IntVector n = shifted.reinterpretAsInts().sub(Float.floatToRawIntBits(ROUNDER));
        IntVector half = n.lanewise(VectorOperators.ASHR, 1);
        FloatVector first = half.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
        FloatVector second =
                n.sub(half).add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
        return p.mul(first).mul(second);
    }

    /** Computes the natural logarithm. */
    public static void log(float[] x, int xo, float[] y, int yo, int n) {
        int i = 0;
        for (; i <= n - L; i += L) log(FloatVector.fromArray(S, x, xo + i)).intoArray(y, yo + i);
        if (i == n) return;
        VectorMask<Float> rest = S.indexInRange(i, n);
        log(FloatVector.fromArray(S, x, xo + i, rest)).intoArray(y, yo + i, rest);
    }

    /** Splits x into {@code m 2^e} with m within a factor of sqrt 2 of 1. */
    static FloatVector log(FloatVector x) {
        VectorMask<Float> tiny = x.compare(VectorOperators.LT, Float.MIN_NORMAL);
        FloatVector scaled = x.blend(x.mul(0x1p24f), tiny);
        IntVector bits = scaled.reinterpretAsInts().sub(0x3f3504f3);
        IntVector e = bits.lanewise(VectorOperators.ASHR, 23);
        FloatVector f = bits.and(0x7fffff).add(0x3f3504f3).reinterpretAsFloats().sub(1f);
        FloatVector exponent = ((FloatVector) e.convert(VectorOperators.I2F, 0)).sub(of(0f).blend(of(24f), tiny));
        FloatVector p =
                of(0.06915290653705597f).fma(f, of(-0.11789768189191818f)).fma(f, of(0.11872990429401398f));
        p = p.fma(f, of(-0.12384355813264847f)).fma(f, of(0.14218656718730927f)).fma(f, of(-0.16669251024723053f));
        p = p.fma(f, of(0.20002226531505585f)).fma(f, of(-0.24999986588954926f)).fma(f, of(0.3333331048488617f));
        FloatVector square = f.mul(f);
        FloatVector low = exponent.fma(of(LN2_LOW), p.mul(f).mul(square));
        FloatVector y = exponent.fma(of(LN2_HIGH), square.fma(of(-0.5f), low).add(f));
        y = y.blend(of(Float.NaN), x.compare(VectorOperators.LT, 0f));
        y = y.blend(of(Float.NEGATIVE_INFINITY), x.compare(VectorOperators.EQ, 0f));
        // Infinity and NaN come through unchanged.
        return y.blend(
                x,
                x.compare(VectorOperators.LT, Float.POSITIVE_INFINITY)
                        .or(x.compare(VectorOperators.LT, 0f))
                        .not());
    }

    /** Computes the hyperbolic tangent: an odd polynomial near zero, else {@code 1 - 2 / (e^2x + 1)}. */
    public static void tanh(float[] x, int xo, float[] y, int yo, int n) {
        int i = 0;
        for (; i <= n - L; i += L) tanh(FloatVector.fromArray(S, x, xo + i)).intoArray(y, yo + i);
        if (i == n) return;
        VectorMask<Float> rest = S.indexInRange(i, n);
        tanh(FloatVector.fromArray(S, x, xo + i, rest)).intoArray(y, yo + i, rest);
    }

    static FloatVector tanh(FloatVector x) {
        FloatVector size = x.abs();
        FloatVector square = x.mul(x);
        FloatVector p = of(-0.005717025604099035f).fma(square, of(0.02065056934952736f));
        p = p.fma(square, of(-0.05374349281191826f)).fma(square, of(0.13331490755081177f));
        p = p.fma(square, of(-0.3333328366279602f));
        FloatVector small = p.fma(square.mul(x), x);
        FloatVector large = of(1f).sub(of(2f).div(exp(size.add(size)).add(1f)));
        return withSign(small.blend(large, size.compare(VectorOperators.GT, 0.625f)), x);
    }

    private static FloatVector withSign(FloatVector size, FloatVector sign) {
        IntVector bit = sign.reinterpretAsInts().and(0x8000_0000);
        return size.reinterpretAsInts().or(bit).reinterpretAsFloats();
    }

    /** Computes {@code 1 / (1 + e^-x)} from {@code e^-|x|}, which cannot overflow. */
    public static void sigmoid(float[] x, int xo, float[] y, int yo, int n) {
        int i = 0;
        for (; i <= n - L; i += L) sigmoid(FloatVector.fromArray(S, x, xo + i)).intoArray(y, yo + i);
        if (i == n) return;
        VectorMask<Float> rest = S.indexInRange(i, n);
        sigmoid(FloatVector.fromArray(S, x, xo + i, rest)).intoArray(y, yo + i, rest);
    }

    static FloatVector sigmoid(FloatVector x) {
        FloatVector e = exp(x.abs().neg());
        return e.blend(of(1f), x.compare(VectorOperators.GE, 0f)).div(e.add(1f));
    }

    /** Computes the error function: an odd polynomial up to 1, then {@code 1 - e^-q(x)}. */
    public static void erf(float[] x, int xo, float[] y, int yo, int n) {
        int i = 0;
        for (; i <= n - L; i += L) erf(FloatVector.fromArray(S, x, xo + i)).intoArray(y, yo + i);
        if (i == n) return;
        VectorMask<Float> rest = S.indexInRange(i, n);
        erf(FloatVector.fromArray(S, x, xo + i, rest)).intoArray(y, yo + i, rest);
    }

    static FloatVector erf(FloatVector x) {
        FloatVector square = x.mul(x);
        FloatVector p = of(7.889115030063529e-05f).fma(square, of(-0.000802083993191841f));
        p = p.fma(square, of(0.005189535188054022f)).fma(square, of(-0.026854444513663586f));
        p = p.fma(square, of(0.11283600174428113f)).fma(square, of(-0.3761262713580911f));
        FloatVector small = p.fma(square, of(0.1283791659137279f)).fma(x, x);
        FloatVector size = x.abs();
        size = size.blend(of(4f), size.compare(VectorOperators.GT, 4f));
        FloatVector q = of(2.1496209228644148e-05f).fma(size, of(-0.0004391074471641332f));
        q = q.fma(size, of(0.004193616099655628f)).fma(size, of(-0.025178980082273483f));
        q = q.fma(size, of(0.10837249457836151f)).fma(size, of(0.633262574672699f));
        q = q.fma(size, of(1.1295568943023682f)).fma(size, of(-0.000183445677976124f));
        FloatVector large = of(1f).sub(exp(q.neg()));
        return withSign(small.blend(large, size.compare(VectorOperators.GT, 1f)), x);
    }

    /** Computes {@code e^x - 1} without losing the digits of a small x. */
    public static void expm1(float[] x, int xo, float[] y, int yo, int n) {
        int i = 0;
        for (; i <= n - L; i += L) expm1(FloatVector.fromArray(S, x, xo + i)).intoArray(y, yo + i);
        if (i == n) return;
        VectorMask<Float> rest = S.indexInRange(i, n);
        expm1(FloatVector.fromArray(S, x, xo + i, rest)).intoArray(y, yo + i, rest);
    }

    static FloatVector expm1(FloatVector x) {
        FloatVector p = of(0.00019991776207461953f).fma(x, of(0.0013997494243085384f));
        p = p.fma(x, of(0.008333077654242516f)).fma(x, of(0.04166531562805176f));
        p = p.fma(x, of(0.1666666865348816f)).fma(x, of(0.5f));
        FloatVector small = p.fma(x.mul(x), x);
        return withSign(small.blend(exp(x).sub(1f), x.abs().compare(VectorOperators.GT, 0.5f)), x);
    }

    /** Computes {@code log(1 + x)} without losing the digits of a small x. */
    public static void log1p(float[] x, int xo, float[] y, int yo, int n) {
        int i = 0;
        for (; i <= n - L; i += L) log1p(FloatVector.fromArray(S, x, xo + i)).intoArray(y, yo + i);
        if (i == n) return;
        VectorMask<Float> rest = S.indexInRange(i, n);
        log1p(FloatVector.fromArray(S, x, xo + i, rest)).intoArray(y, yo + i, rest);
    }

    /** Adds to the logarithm of the rounded 1 + x what the rounding took, to first order. */
    static FloatVector log1p(FloatVector x) {
        FloatVector sum = x.add(1f);
        FloatVector lost = x.sub(sum.sub(1f)).div(sum);
        lost = lost.blend(of(0f), sum.abs().compare(VectorOperators.GT, 0x1p30f));
        lost = lost.blend(of(0f), sum.compare(VectorOperators.EQ, 0f));
        FloatVector y = log(sum).add(lost);
        return y.blend(x, x.abs().compare(VectorOperators.LT, 0x1p-25f));
    }

    /** Computes {@code log(1 + e^x)} as {@code max(x, 0) + log1p(e^-|x|)}. */
    public static void softplus(float[] x, int xo, float[] y, int yo, int n) {
        int i = 0;
        for (; i <= n - L; i += L) softplus(FloatVector.fromArray(S, x, xo + i)).intoArray(y, yo + i);
        if (i == n) return;
        VectorMask<Float> rest = S.indexInRange(i, n);
        softplus(FloatVector.fromArray(S, x, xo + i, rest)).intoArray(y, yo + i, rest);
    }

    static FloatVector softplus(FloatVector x) {
        FloatVector rest = log1p(exp(x.abs().neg()));
        return x.blend(of(0f), x.compare(VectorOperators.LT, 0f)).add(rest);
    }
}
