package org.keras4j.backend.cpu.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.keras4j.backend.reference.UnaryMath;
import org.keras4j.op.Unary;

class GatedActivationsTest {
    private static final DoubleUnaryOperator ERF = UnaryMath.floating(Unary.ERF);

    private interface Loop {
        void run(float[] x, int xo, float[] y, int yo, int n);
    }

    /**
     * The error is one of a few units in the last place of the result or, in the left tail, of the least that matters.
     */
    private static void check(String name, Loop loop, DoubleUnaryOperator exact) {
        var random = new SplittableRandom(7);
        float[] x = new float[100_003];
        float[] y = new float[x.length + 3];
        for (int i = 0; i < x.length; i++)
            x[i] = i % 3 == 0 ? Float.intBitsToFloat(random.nextInt()) : (float) (random.nextDouble() * 24 - 12);
        float[] edges = {0, -0f, 1e-30f, -1e-30f, 87, -87, 88, -88, 1e30f, -1e30f, Float.MAX_VALUE, -Float.MAX_VALUE};
        System.arraycopy(edges, 0, x, 0, edges.length);
        loop.run(x, 1, y, 3, x.length - 1);
        for (int i = 1; i < x.length; i++) {
            float got = y[i + 2];
            if (Float.isNaN(x[i])) {
                assertTrue(Float.isNaN(got), name + " of NaN");
                continue;
            }
            double expected = x[i] == Float.NEGATIVE_INFINITY ? 0 : exact.applyAsDouble(x[i]);
            if (Double.isInfinite(expected) || Math.abs(expected) > 1e38) {
                assertEquals((float) expected, got, name + " of " + x[i]);
                continue;
            }
            double error = Math.abs(got - expected);
            assertTrue(
                    error <= 1e-6 * Math.abs(expected) || error <= 4e-9,
                    name + " of " + x[i] + ": expected " + expected + ", got " + got);
        }
    }

    @Test
    void silu() {
        check("silu", GatedActivations::silu, x -> x < -700 ? 0 : x / (1 + Math.exp(-x)));
    }

    @Test
    void gelu() {
        check("gelu", GatedActivations::gelu, x -> x < -40 ? 0 : 0.5 * x * (1 + ERF.applyAsDouble(x * Math.sqrt(0.5))));
    }

    @Test
    void geluByTanh() {
        double c = Math.sqrt(2 / Math.PI);
        check(
                "gelu by tanh",
                GatedActivations::geluByTanh,
                x -> x < -40 ? 0 : 0.5 * x * (1 + Math.tanh(c * (x + 0.044715 * x * x * x))));
    }
}
