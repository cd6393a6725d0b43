package org.keras4j.backend.cpu.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class VectorMathTest {
    private static final float[] EDGES = {
        0f,
        -0f,
        1f,
        -1f,
        Float.MIN_VALUE,
        -Float.MIN_VALUE,
        Float.MIN_NORMAL,
        1e-30f,
        -1e-30f,
        0.5f,
        -0.5f,
        0.625f,
        0.999999f,
        -0.999999f,
        1.000001f,
        2f,
        -2f,
        4f,
        -4f,
        10f,
        -10f,
        88.7f,
        88.73f,
        -87.4f,
        -100f,
        -103.9f,
        -104f,
        1e10f,
        -1e10f,
        Float.MAX_VALUE,
        -Float.MAX_VALUE,
        Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY,
        Float.NaN
    };

    private interface Loop {
        void run(float[] x, int xo, float[] y, int yo, int n);
    }

    /**
     * Compares with doubles on random floats of all magnitudes, on [-8, 8] and on the edges; returns the worst error in
     * ulp.
     */
    private static double worst(String name, Loop loop, DoubleUnaryOperator exact, double limit) {
        var random = new SplittableRandom(7);
        float[] x = new float[200_003];
        for (int i = 0; i < x.length; i++) {
            if (i < EDGES.length) x[i] = EDGES[i];
            else if (i % 2 == 0) x[i] = Float.intBitsToFloat(random.nextInt());
            else x[i] = (float) (random.nextDouble() * 16 - 8);
        }
        float[] y = new float[x.length + 1];
        loop.run(x, 0, y, 1, x.length);
        double worst = 0;
        for (int i = 0; i < x.length; i++) {
            double want = exact.applyAsDouble(x[i]);
            float rounded = (float) want;
            float got = y[i + 1];
            if (Float.isNaN(rounded) || Float.isInfinite(rounded) || rounded == 0) {
                if (rounded == 0) assertTrue(Math.abs(got) <= Float.MIN_VALUE, name + "(" + x[i] + ") = " + got);
                else if (Float.isInfinite(rounded))
                    assertTrue(Math.abs(got) >= 3.4028e38f, name + "(" + x[i] + ") = " + got);
                else assertEquals(rounded, got, name + "(" + x[i] + ")");
                continue;
            }
            double error = Math.abs(got - want) / Math.ulp(rounded);
            assertTrue(error <= limit, name + "(" + x[i] + ") = " + got + ", exactly " + want + ": " + error + " ulp");
            worst = Math.max(worst, error);
        }
        return worst;
    }

    @Test
    void functionsAreAccurateOverTheWholeRange() {
        worst("exp", VectorMath::exp, Math::exp, 1.5);
        worst("log", VectorMath::log, Math::log, 2);
        worst("tanh", VectorMath::tanh, Math::tanh, 2);
        worst("sigmoid", VectorMath::sigmoid, VectorMathTest::sigmoid, 2.5);
        worst("erf", VectorMath::erf, VectorMathTest::erf, 2);
        worst("expm1", VectorMath::expm1, Math::expm1, 3);
        worst("log1p", VectorMath::log1p, Math::log1p, 3);
        worst("softplus", VectorMath::softplus, x -> Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))), 3);
    }

    @Test
    void signsOfZeroAndOfInfinityAreKept() {
        float[] x = {-0f, Float.NEGATIVE_INFINITY, 0f};
        float[] y = new float[3];
        VectorMath.tanh(x, 0, y, 0, 3);
        assertEquals(-0f, y[0]);
        assertEquals(-1f, y[1]);
        VectorMath.log(x, 0, y, 0, 3);
        assertEquals(Float.NEGATIVE_INFINITY, y[2]);
        assertTrue(Float.isNaN(y[1]));
        VectorMath.exp(x, 0, y, 0, 3);
        assertEquals(1f, y[0]);
        assertEquals(0f, y[1]);
    }

    @Test
    void allLengthsAreComputedAndNothingBeyondIsWritten() {
        for (int n = 0; n < 70; n++) {
            float[] x = new float[n + 3];
            float[] y = new float[n + 3];
            for (int i = 0; i < x.length; i++) {
                x[i] = i * 0.1f;
                y[i] = -7;
            }
            VectorMath.exp(x, 1, y, 2, n);
            assertEquals(-7, y[1]);
            for (int i = 0; i < n; i++) assertEquals(Math.exp(x[i + 1]), y[i + 2], 2e-7 * Math.exp(x[i + 1]));
            assertEquals(-7, y[n + 2]);
        }
    }

    @Test
    void oneExponentialIsThatOfALane() {
        var random = new SplittableRandom(3);
        float[] x = new float[4096];
        for (int i = 0; i < x.length; i++)
            x[i] = i < EDGES.length ? EDGES[i] : (float) (random.nextDouble() * 220 - 120);
        float[] y = new float[x.length];
        VectorMath.exp(x, 0, y, 0, x.length);
        for (int i = 0; i < x.length; i++) assertEquals(y[i], VectorMath.exp(x[i]), "exp(" + x[i] + ")");
    }

    private static double sigmoid(double x) {
        return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
    }

    /** The Maclaurin series up to 3, then the continued fraction of erfc. */
    private static double erf(double x) {
        double size = Math.abs(x);
        if (Double.isNaN(x)) return x;
        if (size > 6) return Math.signum(x);
        if (size <= 3) {
            double term = x;
            double sum = x;
            for (int n = 1; n < 200; n++) {
                term *= -x * x / n;
                sum += term / (2 * n + 1);
            }
            return sum * 2 / Math.sqrt(Math.PI);
        }
        double fraction = size;
        for (int n = 120; n > 0; n--) fraction = size + n / 2.0 / fraction;
        return Math.signum(x) * (1 - Math.exp(-x * x) / Math.sqrt(Math.PI) / fraction);
    }
}
