package org.keras4j.backend.cpu.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.keras4j.DType;

/**
 * Applies simple functions to runs of floats. Each loop is its own small method, so that it is compiled on its own. The
 * compiler of JDK 25 makes vector code of a plain loop only where it can tell that writing one array does not change
 * what is read from another, which with offsets of their own it cannot: those loops would be five times slower.
 */
public final class FloatLoops {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Integer> I = IntVector.SPECIES_PREFERRED;
    private static final int L = S.length();

    private FloatLoops() {}

    private static FloatVector at(float[] x, int i) {
        return FloatVector.fromArray(S, x, i);
    }

    // spotless:off
    public static void add(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
        int i = 0;
        for (; i <= n - L; i += L) at(a, ao + i).add(at(b, bo + i)).intoArray(y, yo + i);
        for (; i < n; i++) y[yo + i] = a[ao + i] + b[bo + i];
    }

    public static void subtract(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
        int i = 0;
        for (; i <= n - L; i += L) at(a, ao + i).sub(at(b, bo + i)).intoArray(y, yo + i);
        for (; i < n; i++) y[yo + i] = a[ao + i] - b[bo + i];
    }

    public static void multiply(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
        int i = 0;
        for (; i <= n - L; i += L) at(a, ao + i).mul(at(b, bo + i)).intoArray(y, yo + i);
        for (; i < n; i++) y[yo + i] = a[ao + i] * b[bo + i];
    }

    public static void divide(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
        int i = 0;
        for (; i <= n - L; i += L) at(a, ao + i).div(at(b, bo + i)).intoArray(y, yo + i);
        for (; i < n; i++) y[yo + i] = a[ao + i] / b[bo + i];
    }

    public static void max(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
        int i = 0;
        for (; i <= n - L; i += L) at(a, ao + i).max(at(b, bo + i)).intoArray(y, yo + i);
        for (; i < n; i++) y[yo + i] = Math.max(a[ao + i], b[bo + i]);
    }

    public static void min(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
        int i = 0;
        for (; i <= n - L; i += L) at(a, ao + i).min(at(b, bo + i)).intoArray(y, yo + i);
        for (; i < n; i++) y[yo + i] = Math.min(a[ao + i], b[bo + i]);
    }

    public static void addNumber(float[] x, int xo, float s, float[] y, int yo, int n) {
        int i = 0;
        for (; i <= n - L; i += L) at(x, xo + i).add(s).intoArray(y, yo + i);
        for (; i < n; i++) y[yo + i] = x[xo + i] + s;
    }

    public static void subtractNumber(float[] x, int xo, float s, float[] y, int yo, int n) {
        int i = 0;
        for (; i <= n - L; i += L) at(x, xo + i).sub(s).intoArray(y, yo + i);
        for (; i < n; i++) y[yo + i] = x[xo + i] - s;
    }

    public static void subtractFromNumber(float[] x, int xo, float s, float[] y, int yo, int n) {
        int i = 0;
        for (; i <= n - L; i += L) FloatVector.broadcast(S, s).sub(at(x, xo + i)).intoArray(y, yo + i);
        for (; i < n; i++) y[yo + i] = s - x[xo + i];
    }

    public static void multiplyByNumber(float[] x, int xo, float s, float[] y, int yo, int n) {
        int i = 0;
        for (; i <= n - L; i += L) at(x, xo + i).mul(s).intoArray(y, yo + i);
        for (; i < n; i++) y[yo + i] = x[xo + i] * s;
    }

    public static void divideByNumber(float[] x, int xo, float s, float[] y, int yo, int n) {
        int i = 0;
        for (; i <= n - L; i += L) at(x, xo + i).div(s).intoArray(y, yo + i);
        for (; i < n; i++) y[yo + i] = x[xo + i] / s;
    }

    public static void divideNumber(float[] x, int xo, float s, float[] y, int yo, int n) {
        int i = 0;
        for (; i <= n - L; i += L) FloatVector.broadcast(S, s).div(at(x, xo + i)).intoArray(y, yo + i);
        for (; i < n; i++) y[yo + i] = s / x[xo + i];
    }

    public static void negate(float[] x, int xo, float[] y, int yo, int n) {
        int i = 0;
        for (; i <= n - L; i += L) at(x, xo + i).neg().intoArray(y, yo + i);
        for (; i < n; i++) y[yo + i] = -x[xo + i];
    }

    public static void abs(float[] x, int xo, float[] y, int yo, int n) {
        int i = 0;
        for (; i <= n - L; i += L) at(x, xo + i).abs().intoArray(y, yo + i);
        for (; i < n; i++) y[yo + i] = Math.abs(x[xo + i]);
    }

    public static void sign(float[] x, int xo, float[] y, int yo, int n) {
        for (int i = 0; i < n; i++) y[yo + i] = Math.signum(x[xo + i]);
    }

    public static void square(float[] x, int xo, float[] y, int yo, int n) {
        int i = 0;
        for (; i <= n - L; i += L) {
            FloatVector v = at(x, xo + i);
            v.mul(v).intoArray(y, yo + i);
        }
        for (; i < n; i++) y[yo + i] = x[xo + i] * x[xo + i];
    }

    public static void cube(float[] x, int xo, float[] y, int yo, int n) {
        int i = 0;
        for (; i <= n - L; i += L) {
            FloatVector v = at(x, xo + i);
            v.mul(v).mul(v).intoArray(y, yo + i);
        }
        for (; i < n; i++) y[yo + i] = x[xo + i] * x[xo + i] * x[xo + i];
    }

    public static void reciprocal(float[] x, int xo, float[] y, int yo, int n) {
        int i = 0;
        for (; i <= n - L; i += L) FloatVector.broadcast(S, 1f).div(at(x, xo + i)).intoArray(y, yo + i);
        for (; i < n; i++) y[yo + i] = 1 / x[xo + i];
    }

    public static void sqrt(float[] x, int xo, float[] y, int yo, int n) {
        int i = 0;
        for (; i <= n - L; i += L) at(x, xo + i).sqrt().intoArray(y, yo + i);
        for (; i < n; i++) y[yo + i] = (float) Math.sqrt(x[xo + i]);
    }

    public static void rsqrt(float[] x, int xo, float[] y, int yo, int n) {
        int i = 0;
        for (; i <= n - L; i += L) FloatVector.broadcast(S, 1f).div(at(x, xo + i).sqrt()).intoArray(y, yo + i);
        for (; i < n; i++) y[yo + i] = 1 / (float) Math.sqrt(x[xo + i]);
    }

    public static void floor(float[] x, int xo, float[] y, int yo, int n) {
        for (int i = 0; i < n; i++) y[yo + i] = (float) Math.floor(x[xo + i]);
    }

    public static void ceil(float[] x, int xo, float[] y, int yo, int n) {
        for (int i = 0; i < n; i++) y[yo + i] = (float) Math.ceil(x[xo + i]);
    }

    public static void rint(float[] x, int xo, float[] y, int yo, int n) {
        for (int i = 0; i < n; i++) y[yo + i] = (float) Math.rint(x[xo + i]);
    }

    public static void fromInts(int[] x, int xo, float[] y, int yo, int n) {
        for (int i = 0; i < n; i++) y[yo + i] = x[xo + i];
    }
    // spotless:on

    /** Computes {@code max(x, 0)}, NaN where x is; blending is faster than the maximum with its rules for zeros. */
    public static void relu(float[] x, int xo, float[] y, int yo, int n) {
        int i = 0;
        FloatVector zero = FloatVector.zero(S);
        for (; i <= n - L; i += L) {
            FloatVector v = FloatVector.fromArray(S, x, xo + i);
            v.blend(zero, v.compare(VectorOperators.LE, 0f)).intoArray(y, yo + i);
        }
        for (; i < n; i++) y[yo + i] = x[xo + i] <= 0 ? 0 : x[xo + i];
    }

    /** Writes 1 where {@code a < b}, else 0. */
    public static void less(float[] a, int ao, float[] b, int bo, int[] y, int yo, int n) {
        int i = 0;
        for (; i <= n - L; i += L) {
            FloatVector v = FloatVector.fromArray(S, a, ao + i);
            VectorMask<Float> m = v.compare(VectorOperators.LT, FloatVector.fromArray(S, b, bo + i));
            IntVector.zero(I).blend(1, m.cast(I)).intoArray(y, yo + i);
        }
        for (; i < n; i++) y[yo + i] = a[ao + i] < b[bo + i] ? 1 : 0;
    }

    /** Writes 1 where {@code a <= b}, else 0. */
    public static void lessEqual(float[] a, int ao, float[] b, int bo, int[] y, int yo, int n) {
        int i = 0;
        for (; i <= n - L; i += L) {
            FloatVector v = FloatVector.fromArray(S, a, ao + i);
            VectorMask<Float> m = v.compare(VectorOperators.LE, FloatVector.fromArray(S, b, bo + i));
            IntVector.zero(I).blend(1, m.cast(I)).intoArray(y, yo + i);
        }
        for (; i < n; i++) y[yo + i] = a[ao + i] <= b[bo + i] ? 1 : 0;
    }

    /** Writes 1 where {@code a == b}, else 0. */
    public static void equal(float[] a, int ao, float[] b, int bo, int[] y, int yo, int n) {
        int i = 0;
        for (; i <= n - L; i += L) {
            FloatVector v = FloatVector.fromArray(S, a, ao + i);
            VectorMask<Float> m = v.compare(VectorOperators.EQ, FloatVector.fromArray(S, b, bo + i));
            IntVector.zero(I).blend(1, m.cast(I)).intoArray(y, yo + i);
        }
        for (; i < n; i++) y[yo + i] = a[ao + i] == b[bo + i] ? 1 : 0;
    }

    /** Writes {@code c[i] != 0 ? a[i] : b[i]}. */
    public static void choose(int[] c, int q, float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
        int i = 0;
        for (; i <= n - L; i += L) {
            VectorMask<Float> m = IntVector.fromArray(I, c, q + i)
                    .compare(VectorOperators.NE, 0)
                    .cast(S);
            FloatVector.fromArray(S, b, bo + i)
                    .blend(FloatVector.fromArray(S, a, ao + i), m)
                    .intoArray(y, yo + i);
        }
        for (; i < n; i++) y[yo + i] = c[q + i] != 0 ? a[ao + i] : b[bo + i];
    }

    /** Rounds in place to a 16-bit type that is kept in floats; does nothing for float32. */
    public static void round(DType dtype, float[] y, int yo, int n) {
        if (dtype == DType.FLOAT16) half(y, yo, n);
        else if (dtype == DType.BFLOAT16) bfloat(y, yo, n);
    }

    private static void half(float[] y, int yo, int n) {
        for (int i = 0; i < n; i++) y[yo + i] = Float.float16ToFloat(Float.floatToFloat16(y[yo + i]));
    }

    private static void bfloat(float[] y, int yo, int n) {
        for (int i = 0; i < n; i++) y[yo + i] = DType.bfloat16(y[yo + i]);
    }
}
