package org.keras4j.backend.cpu.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Evaluates the transcendental functions of float32, {@code y[i] = f(x[i])}, over the whole range with infinities and
 * NaN.
 *
 * <p>Errors are at most a few units in the last place. The polynomials are our own minimax fits on the reduced ranges;
 * the reductions are the classical ones (Cody and Waite, "Software Manual for the Elementary Functions", 1980).
 */
public final class VectorMath {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;

    private static final int L = S.length();

    /** Adding it rounds a float of less than 2^22 to a whole number, which then lies in the low bits. */
    private static final float ROUNDER = 0x1.8p23f;

    /** Elements of functions that take several passes: a multiple of any vector, small beside the first-level cache. */
    private static final int PASS = 1024;

    private static final float LN2_HIGH = 0x1.62e4p-1f;
    private static final float LN2_LOW = (float) (Math.log(2) - 0x1.62e4p-1);

    // Broadcasting in place would cost the compiler so many nodes that it gives up inlining halfway, and vectors become
    // objects.
    private static final FloatVector EXP_HIGHEST = of(89f);
    private static final FloatVector EXP_LOWEST = of(-105f);
    private static final FloatVector LOG2_E = of(1.44269504f);
    private static final FloatVector ROUNDERS = of(ROUNDER);
    private static final FloatVector MINUS_LN2_LOWS = of(-LN2_LOW);
    private static final FloatVector MINUS_LN2_HIGHS = of(-LN2_HIGH);
    private static final FloatVector EXP_0 = of(0.0013952967710793018f);
    private static final FloatVector EXP_1 = of(0.008370322175323963f);
    private static final FloatVector EXP_2 = of(0.041666168719530106f);
    private static final FloatVector EXP_3 = of(0.16666506230831146f);
    private static final FloatVector HALF = of(0.5f);
    private static final FloatVector ZERO = of(0f);
    private static final FloatVector TWENTY_FOUR = of(24f);
    private static final FloatVector LOG_0 = of(0.06915290653705597f);
    private static final FloatVector LOG_1 = of(-0.11789768189191818f);
    private static final FloatVector LOG_2 = of(0.11872990429401398f);
    private static final FloatVector LOG_3 = of(-0.12384355813264847f);
    private static final FloatVector LOG_4 = of(0.14218656718730927f);
    private static final FloatVector LOG_5 = of(-0.16669251024723053f);
    private static final FloatVector LOG_6 = of(0.20002226531505585f);
    private static final FloatVector LOG_7 = of(-0.24999986588954926f);
    private static final FloatVector LOG_8 = of(0.3333331048488617f);
    private static final FloatVector LN2_LOWS = of(LN2_LOW);
    private static final FloatVector LN2_HIGHS = of(LN2_HIGH);
    private static final FloatVector MINUS_HALF = of(-0.5f);
    private static final FloatVector NAN = of(Float.NaN);
    private static final FloatVector MINUS_INFINITY = of(Float.NEGATIVE_INFINITY);
    private static final FloatVector TANH_0 = of(-0.005717025604099035f);
    private static final FloatVector TANH_1 = of(0.02065056934952736f);
    private static final FloatVector TANH_2 = of(-0.05374349281191826f);
    private static final FloatVector TANH_3 = of(0.13331490755081177f);
    private static final FloatVector TANH_4 = of(-0.3333328366279602f);
    private static final FloatVector ONE = of(1f);
    private static final FloatVector TWO = of(2f);
    private static final FloatVector ERF_0 = of(7.889115030063529e-05f);
    private static final FloatVector ERF_1 = of(-0.000802083993191841f);
    private static final FloatVector ERF_2 = of(0.005189535188054022f);
    private static final FloatVector ERF_3 = of(-0.026854444513663586f);
    private static final FloatVector ERF_4 = of(0.11283600174428113f);
    private static final FloatVector ERF_5 = of(-0.3761262713580911f);
    private static final FloatVector ERF_6 = of(0.1283791659137279f);
    private static final FloatVector FOUR = of(4f);
    private static final FloatVector ERF_7 = of(2.1496209228644148e-05f);
    private static final FloatVector ERF_8 = of(-0.0004391074471641332f);
    private static final FloatVector ERF_9 = of(0.004193616099655628f);
    private static final FloatVector ERF_10 = of(-0.025178980082273483f);
    private static final FloatVector ERF_11 = of(0.10837249457836151f);
    private static final FloatVector ERF_12 = of(0.633262574672699f);
    private static final FloatVector ERF_13 = of(1.1295568943023682f);
    private static final FloatVector ERF_14 = of(-0.000183445677976124f);
    private static final FloatVector EXPM1_0 = of(0.00019991776207461953f);
    private static final FloatVector EXPM1_1 = of(0.0013997494243085384f);
    private static final FloatVector EXPM1_2 = of(0.008333077654242516f);
    private static final FloatVector EXPM1_3 = of(0.04166531562805176f);
    private static final FloatVector EXPM1_4 = of(0.1666666865348816f);

    private VectorMath() {}

    private static FloatVector of(float value) {
        return FloatVector.broadcast(S, value);
    }

    /**
     * Returns a vector that begins with the last elements, so that the code of a function is needed in one place only.
     */
    static float[] rest(float[] x, int at, int count) {
        float[] rest = Scratch.ofThread().floats(Scratch.Use.REST, L);
        System.arraycopy(x, at, rest, 0, count);
        return rest;
    }

    /** Computes {@code e^x}: {@code 2^n e^r} with |r| at most half of ln 2. */
    public static void exp(float[] x, int xo, float[] y, int yo, int n) {
        for (int i = 0; i < n; i += L) {
            boolean whole = i <= n - L;
            float[] from = whole ? x : rest(x, xo + i, n - i);
            float[] to = whole ? y : from;
            exp(FloatVector.fromArray(S, from, whole ? xo + i : 0)).intoArray(to, whole ? yo + i : 0);
            if (!whole) System.arraycopy(to, 0, y, yo + i, n - i);
        }
    }

    /** Returns what a lane of a vector would get, bit for bit: for rows that are shorter than a vector. */
    static float exp(float x) {
        float bounded = x > 89 ? 89 : x < -105 ? -105 : x;
        float shifted = Math.fma(bounded, 1.44269504f, ROUNDER);
        float whole = shifted - ROUNDER;
        float r = Math.fma(whole, -LN2_LOW, Math.fma(whole, -LN2_HIGH, bounded));
        float p = Math.fma(0.0013952967710793018f, r, 0.008370322175323963f);
        p = Math.fma(Math.fma(Math.fma(p, r, 0.041666168719530106f), r, 0.16666506230831146f), r, 0.5f);
        p = Math.fma(p, r * r, r) + 1;
        int n = Float.floatToRawIntBits(shifted) - Float.floatToRawIntBits(ROUNDER);
        int half = n >> 1;
        return p * Float.intBitsToFloat(half + 127 << 23) * Float.intBitsToFloat(n - half + 127 << 23);
    }

    static FloatVector exp(FloatVector x) {
        x = x.blend(EXP_HIGHEST, x.compare(VectorOperators.GT, EXP_HIGHEST))
                .blend(EXP_LOWEST, x.compare(VectorOperators.LT, EXP_LOWEST));
        FloatVector shifted = x.fma(LOG2_E, ROUNDERS);
        FloatVector whole = shifted.sub(ROUNDERS);
        FloatVector r = whole.fma(MINUS_LN2_LOWS, whole.fma(MINUS_LN2_HIGHS, x));
        FloatVector p = EXP_0.fma(r, EXP_1);
        p = p.fma(r, EXP_2).fma(r, EXP_3).fma(r, HALF);
        p = p.fma(r.mul(r), r).add(ONE);
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
        for (int i = 0; i < n; i += L) {
            boolean whole = i <= n - L;
            float[] from = whole ? x : rest(x, xo + i, n - i);
            float[] to = whole ? y : from;
            log(FloatVector.fromArray(S, from, whole ? xo + i : 0)).intoArray(to, whole ? yo + i : 0);
            if (!whole) System.arraycopy(to, 0, y, yo + i, n - i);
        }
    }

    /** Splits x into {@code m 2^e} with m within a factor of sqrt 2 of 1. */
    static FloatVector log(FloatVector x) {
        VectorMask<Float> tiny = x.compare(VectorOperators.LT, Float.MIN_NORMAL);
        FloatVector scaled = x.blend(x.mul(0x1p24f), tiny);
        IntVector bits = scaled.reinterpretAsInts().sub(0x3f3504f3);
        IntVector e = bits.lanewise(VectorOperators.ASHR, 23);
        FloatVector f = bits.and(0x7fffff).add(0x3f3504f3).reinterpretAsFloats().sub(ONE);
        FloatVector exponent = ((FloatVector) e.convert(VectorOperators.I2F, 0)).sub(ZERO.blend(TWENTY_FOUR, tiny));
        FloatVector p = LOG_0.fma(f, LOG_1).fma(f, LOG_2);
        p = p.fma(f, LOG_3).fma(f, LOG_4).fma(f, LOG_5);
        p = p.fma(f, LOG_6).fma(f, LOG_7).fma(f, LOG_8);
        FloatVector square = f.mul(f);
        FloatVector low = exponent.fma(LN2_LOWS, p.mul(f).mul(square));
        FloatVector y = exponent.fma(LN2_HIGHS, square.fma(MINUS_HALF, low).add(f));
        y = y.blend(NAN, x.compare(VectorOperators.LT, ZERO));
        y = y.blend(MINUS_INFINITY, x.compare(VectorOperators.EQ, ZERO));
        // Infinity and NaN come through unchanged.
        return y.blend(
                x,
                x.compare(VectorOperators.LT, Float.POSITIVE_INFINITY)
                        .or(x.compare(VectorOperators.LT, ZERO))
                        .not());
    }

    /** Computes the hyperbolic tangent: an odd polynomial near zero, else {@code 1 - 2 / (e^2x + 1)}. */
    public static void tanh(float[] x, int xo, float[] y, int yo, int n) {
        for (int i = 0; i < n; i += L) {
            boolean whole = i <= n - L;
            float[] from = whole ? x : rest(x, xo + i, n - i);
            float[] to = whole ? y : from;
            tanh(FloatVector.fromArray(S, from, whole ? xo + i : 0)).intoArray(to, whole ? yo + i : 0);
            if (!whole) System.arraycopy(to, 0, y, yo + i, n - i);
        }
    }

    static FloatVector tanh(FloatVector x) {
        FloatVector size = x.abs();
        FloatVector square = x.mul(x);
        FloatVector p = TANH_0.fma(square, TANH_1);
        p = p.fma(square, TANH_2).fma(square, TANH_3);
        p = p.fma(square, TANH_4);
        FloatVector small = p.fma(square.mul(x), x);
        FloatVector large = ONE.sub(TWO.div(exp(size.add(size)).add(ONE)));
        return withSign(small.blend(large, size.compare(VectorOperators.GT, 0.625f)), x);
    }

    private static FloatVector withSign(FloatVector size, FloatVector sign) {
        IntVector bit = sign.reinterpretAsInts().and(0x8000_0000);
        return size.reinterpretAsInts().or(bit).reinterpretAsFloats();
    }

    /** Computes {@code 1 / (1 + e^-x)} from {@code e^-|x|}, which cannot overflow. */
    public static void sigmoid(float[] x, int xo, float[] y, int yo, int n) {
        for (int i = 0; i < n; i += L) {
            boolean whole = i <= n - L;
            float[] from = whole ? x : rest(x, xo + i, n - i);
            float[] to = whole ? y : from;
            sigmoid(FloatVector.fromArray(S, from, whole ? xo + i : 0)).intoArray(to, whole ? yo + i : 0);
            if (!whole) System.arraycopy(to, 0, y, yo + i, n - i);
        }
    }

    static FloatVector sigmoid(FloatVector x) {
        FloatVector e = exp(x.abs().neg());
        return e.blend(ONE, x.compare(VectorOperators.GE, ZERO)).div(e.add(ONE));
    }

    /**
     * Computes the error function: an odd polynomial up to 1, then {@code 1 - e^-q(x)}. It takes several passes,
     * because in one the compiler would not inline everything and make objects of vectors.
     */
    public static void erf(float[] x, int xo, float[] y, int yo, int n) {
        float[] e = Scratch.ofThread().floats(Scratch.Use.PASS, PASS);
        for (int i = 0; i < n; i += PASS) {
            int count = Math.min(PASS, n - i);
            erfExponent(x, xo + i, e, 0, count);
            exp(e, 0, e, 0, count);
            erf(x, xo + i, e, y, yo + i, count);
        }
    }

    private static void erfExponent(float[] x, int xo, float[] y, int yo, int n) {
        for (int i = 0; i < n; i += L) {
            boolean whole = i <= n - L;
            float[] from = whole ? x : rest(x, xo + i, n - i);
            float[] to = whole ? y : from;
            erfExponent(FloatVector.fromArray(S, from, whole ? xo + i : 0)).intoArray(to, whole ? yo + i : 0);
            if (!whole) System.arraycopy(to, 0, y, yo + i, n - i);
        }
    }

    private static FloatVector erfExponent(FloatVector x) {
        FloatVector size = x.abs();
        size = size.blend(FOUR, size.compare(VectorOperators.GT, FOUR));
        FloatVector q = ERF_7.fma(size, ERF_8);
        q = q.fma(size, ERF_9).fma(size, ERF_10);
        q = q.fma(size, ERF_11).fma(size, ERF_12);
        return q.fma(size, ERF_13).fma(size, ERF_14).neg();
    }

    /** Computes the error function from x and {@code e^-q(x)}, which has room for a vector more. */
    private static void erf(float[] x, int xo, float[] e, float[] y, int yo, int n) {
        for (int i = 0; i < n; i += L) {
            boolean whole = i <= n - L;
            float[] from = whole ? x : rest(x, xo + i, n - i);
            float[] to = whole ? y : from;
            erf(FloatVector.fromArray(S, from, whole ? xo + i : 0), FloatVector.fromArray(S, e, i))
                    .intoArray(to, whole ? yo + i : 0);
            if (!whole) System.arraycopy(to, 0, y, yo + i, n - i);
        }
    }

    private static FloatVector erf(FloatVector x, FloatVector e) {
        FloatVector square = x.mul(x);
        FloatVector p = ERF_0.fma(square, ERF_1);
        p = p.fma(square, ERF_2).fma(square, ERF_3);
        p = p.fma(square, ERF_4).fma(square, ERF_5);
        FloatVector small = p.fma(square, ERF_6).fma(x, x);
        return withSign(small.blend(ONE.sub(e), x.abs().compare(VectorOperators.GT, ONE)), x);
    }

    /** Computes {@code e^x - 1} without losing the digits of a small x. */
    public static void expm1(float[] x, int xo, float[] y, int yo, int n) {
        for (int i = 0; i < n; i += L) {
            boolean whole = i <= n - L;
            float[] from = whole ? x : rest(x, xo + i, n - i);
            float[] to = whole ? y : from;
            expm1(FloatVector.fromArray(S, from, whole ? xo + i : 0)).intoArray(to, whole ? yo + i : 0);
            if (!whole) System.arraycopy(to, 0, y, yo + i, n - i);
        }
    }

    static FloatVector expm1(FloatVector x) {
        FloatVector p = EXPM1_0.fma(x, EXPM1_1);
        p = p.fma(x, EXPM1_2).fma(x, EXPM1_3);
        p = p.fma(x, EXPM1_4).fma(x, HALF);
        FloatVector small = p.fma(x.mul(x), x);
        return withSign(small.blend(exp(x).sub(ONE), x.abs().compare(VectorOperators.GT, HALF)), x);
    }

    /** Computes {@code log(1 + x)} without losing the digits of a small x. */
    public static void log1p(float[] x, int xo, float[] y, int yo, int n) {
        for (int i = 0; i < n; i += L) {
            boolean whole = i <= n - L;
            float[] from = whole ? x : rest(x, xo + i, n - i);
            float[] to = whole ? y : from;
            log1p(FloatVector.fromArray(S, from, whole ? xo + i : 0)).intoArray(to, whole ? yo + i : 0);
            if (!whole) System.arraycopy(to, 0, y, yo + i, n - i);
        }
    }

    /** Adds to the logarithm of the rounded 1 + x what the rounding took, to first order. */
    static FloatVector log1p(FloatVector x) {
        FloatVector sum = x.add(ONE);
        FloatVector lost = x.sub(sum.sub(ONE)).div(sum);
        lost = lost.blend(ZERO, sum.abs().compare(VectorOperators.GT, 0x1p30f));
        lost = lost.blend(ZERO, sum.compare(VectorOperators.EQ, ZERO));
        FloatVector y = log(sum).add(lost);
        return y.blend(x, x.abs().compare(VectorOperators.LT, 0x1p-25f));
    }

    /** Computes {@code log(1 + e^x)} as {@code max(x, 0) + log1p(e^-|x|)}. */
    public static void softplus(float[] x, int xo, float[] y, int yo, int n) {
        float[] e = Scratch.ofThread().floats(Scratch.Use.PASS, PASS);
        for (int i = 0; i < n; i += PASS) {
            int count = Math.min(PASS, n - i);
            FloatLoops.abs(x, xo + i, e, 0, count);
            FloatLoops.negate(e, 0, e, 0, count);
            exp(e, 0, e, 0, count);
            log1p(e, 0, e, 0, count);
            FloatLoops.relu(x, xo + i, y, yo + i, count);
            FloatLoops.add(y, yo + i, e, 0, y, yo + i, count);
        }
    }
}
