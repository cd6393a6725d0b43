package org.keras4j.backend.cpu.kernels;

import static org.keras4j.backend.cpu.kernels.VectorMath.rest;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Evaluates activation functions of float32 that weigh x by a smooth step from 0 to 1, each in one pass: as groups of
 * simple functions they take five to nine. Minus infinity gives 0 (of either sign), the limit of each function.
 */
public final class GatedActivations {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();

    private static final FloatVector ZERO = of(0);
    private static final FloatVector ONE = of(1);
    private static final FloatVector HALF = of(0.5f);
    /** Beyond it, e^-x adds nothing to 1; at minus it, 2^n of e^x is the least that is no denormal number. */
    private static final FloatVector FAR = of(87);

    private static final FloatVector MINUS_FAR = of(-87);
    private static final FloatVector MINUS_LOG2_E = of(-1.44269504f);
    private static final FloatVector ROUNDERS = of(0x1.8p23f);
    private static final FloatVector LN2_HIGHS = of(0x1.62e4p-1f);
    private static final float LN2_LOW = (float) (Math.log(2) - 0x1.62e4p-1);
    private static final FloatVector LN2_LOWS = of(LN2_LOW);
    private static final FloatVector EXP_0 = of(0.0013952967710793018f);
    private static final FloatVector EXP_1 = of(-0.008370322175323963f);
    private static final FloatVector EXP_2 = of(0.041666168719530106f);
    private static final FloatVector EXP_3 = of(-0.16666506230831146f);

    /** Coefficients of -log Phi(-t), a minimax fit of our own for t to 7; beyond it grows on. */
    private static final FloatVector Q_0 = of(1.5571457012697465e-08f);

    private static final FloatVector Q_1 = of(-4.797879000761895e-07f);
    private static final FloatVector Q_2 = of(6.320269676507451e-06f);
    private static final FloatVector Q_3 = of(-4.518916830420494e-05f);
    private static final FloatVector Q_4 = of(0.00016554727335460484f);
    private static final FloatVector Q_5 = of(6.211094296304509e-05f);
    private static final FloatVector Q_6 = of(-0.004895893391221762f);
    private static final FloatVector Q_7 = of(0.036407794803380966f);
    private static final FloatVector Q_8 = of(0.3182869553565979f);
    private static final FloatVector Q_9 = of(0.79788738489151f);
    private static final FloatVector Q_10 = of(0.6931471228599548f);
    private static final FloatVector FOURTEEN = of(14);

    /** Twice the square root of 2 / pi, alone and times 0.044715. */
    private static final FloatVector TANH_1 = of(1.5957691216057308f);

    private static final FloatVector TANH_3 = of(0.07135481627159986f);

    private static final VectorWarmup GELU = new VectorWarmup((x, y, n) -> geluOfVectors(x, 0, y, 0, n));

    private GatedActivations() {}

    private static FloatVector of(float value) {
        return FloatVector.broadcast(S, value);
    }

    /** Computes {@code x / (1 + e^-x)}, also called swish. */
    public static void silu(float[] x, int xo, float[] y, int yo, int n) {
        for (int i = 0; i < n; i += L) {
            boolean whole = i <= n - L;
            float[] from = whole ? x : rest(x, xo + i, n - i);
            float[] to = whole ? y : from;
            FloatVector v = FloatVector.fromArray(S, from, whole ? xo + i : 0);
            gated(v, v).intoArray(to, whole ? yo + i : 0);
            if (!whole) System.arraycopy(to, 0, y, yo + i, n - i);
        }
    }

    /** Computes {@code x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3)))}, which is x times a sigmoid. */
    public static void geluByTanh(float[] x, int xo, float[] y, int yo, int n) {
        for (int i = 0; i < n; i += L) {
            boolean whole = i <= n - L;
            float[] from = whole ? x : rest(x, xo + i, n - i);
            float[] to = whole ? y : from;
            FloatVector v = FloatVector.fromArray(S, from, whole ? xo + i : 0);
            gated(v, TANH_3.fma(v.mul(v), TANH_1).mul(v)).intoArray(to, whole ? yo + i : 0);
            if (!whole) System.arraycopy(to, 0, y, yo + i, n - i);
        }
    }

    /** Computes {@code x Phi(x)}, with Phi the distribution function of the normal distribution. */
    public static void gelu(float[] x, int xo, float[] y, int yo, int n) {
        if (GELU.isHot(n)) geluOfVectors(x, xo, y, yo, n);
        else for (int i = 0; i < n; i++) y[yo + i] = gelu(x[xo + i]);
    }

    static void geluOfVectors(float[] x, int xo, float[] y, int yo, int n) {
        for (int i = 0; i < n; i += L) {
            boolean whole = i <= n - L;
            float[] from = whole ? x : rest(x, xo + i, n - i);
            float[] to = whole ? y : from;
            gelu(FloatVector.fromArray(S, from, whole ? xo + i : 0)).intoArray(to, whole ? yo + i : 0);
            if (!whole) System.arraycopy(to, 0, y, yo + i, n - i);
        }
    }

    /** {@code x / (1 + e^-s)}. */
    private static FloatVector gated(FloatVector x, FloatVector s) {
        s = s.blend(MINUS_FAR, s.compare(VectorOperators.LT, MINUS_FAR));
        s = s.blend(FAR, s.compare(VectorOperators.GT, FAR));
        FloatVector bounded = x.blend(MINUS_FAR, x.compare(VectorOperators.LT, MINUS_FAR));
        return bounded.div(expOfMinus(s).add(ONE));
    }

    /** {@code max(x, 0) - |x| Phi(-|x|)}, where neither tail loses digits. */
    private static FloatVector gelu(FloatVector x) {
        FloatVector t = x.abs();
        t = t.blend(FOURTEEN, t.compare(VectorOperators.GT, FOURTEEN));
        FloatVector q = Q_0.fma(t, Q_1).fma(t, Q_2).fma(t, Q_3).fma(t, Q_4).fma(t, Q_5);
        q = q.fma(t, Q_6).fma(t, Q_7).fma(t, Q_8).fma(t, Q_9).fma(t, Q_10);
        q = q.blend(FAR, q.compare(VectorOperators.GT, FAR));
        FloatVector positive = x.blend(ZERO, x.compare(VectorOperators.LE, ZERO));
        return positive.sub(t.mul(expOfMinus(q)));
    }

    /** {@code e^-x} for x from -87 to 87; as in {@link VectorMath#exp}, but one factor 2^n will do. */
    private static FloatVector expOfMinus(FloatVector x) {
        FloatVector shifted = x.fma(MINUS_LOG2_E, ROUNDERS);
        FloatVector whole = shifted.sub(ROUNDERS);
        FloatVector r = whole.fma(LN2_LOWS, whole.fma(LN2_HIGHS, x));
        FloatVector p = EXP_0.fma(r, EXP_1);
        p = p.fma(r, EXP_2).fma(r, EXP_3).fma(r, HALF);
        p = p.fma(r.mul(r), ONE.sub(r));
        IntVector exponent = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
        return p.reinterpretAsInts().add(exponent).reinterpretAsFloats();
    }

    /** Returns what a lane of a vector would get, bit for bit. */
    static float gelu(float x) {
        float t = Math.abs(x);
        if (t > 14) t = 14;
        float q = Math.fma(1.5571457012697465e-08f, t, -4.797879000761895e-07f);
        q = Math.fma(Math.fma(q, t, 6.320269676507451e-06f), t, -4.518916830420494e-05f);
        q = Math.fma(Math.fma(q, t, 0.00016554727335460484f), t, 6.211094296304509e-05f);
        q = Math.fma(Math.fma(q, t, -0.004895893391221762f), t, 0.036407794803380966f);
        q = Math.fma(Math.fma(q, t, 0.3182869553565979f), t, 0.79788738489151f);
        q = Math.fma(q, t, 0.6931471228599548f);
        float positive = x <= 0 ? 0 : x;
        return positive - t * expOfMinus(q > 87 ? 87 : q);
    }

    private static float expOfMinus(float x) {
        float shifted = Math.fma(x, -1.44269504f, 0x1.8p23f);
        float whole = shifted - 0x1.8p23f;
        float r = Math.fma(whole, LN2_LOW, Math.fma(whole, 0x1.62e4p-1f, x));
        float p = Math.fma(0.0013952967710793018f, r, -0.008370322175323963f);
        p = Math.fma(Math.fma(Math.fma(p, r, 0.041666168719530106f), r, -0.16666506230831146f), r, 0.5f);
        p = Math.fma(p, r * r, 1 - r);
        return Float.intBitsToFloat(Float.floatToRawIntBits(p) + (Float.floatToRawIntBits(shifted) << 23));
    }
}
