package org.keras4j.backend.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** Identities that tie the functions together; values from SciPy are in the contract. */
final class SpecialFunctionsTest {
    private static void assertClose(double expected, double got, double tolerance, double at) {
        assertEquals(expected, got, tolerance * Math.max(1, Math.abs(expected)), () -> "at " + at);
    }

    @Test
    void erfIsOddAndErfcItsComplement() {
        var random = new Random(1);
        for (int i = 0; i < 2000; i++) {
            double x = random.nextGaussian() * 3;
            assertEquals(-SpecialFunctions.erf(x), SpecialFunctions.erf(-x));
            assertClose(1, SpecialFunctions.erf(x) + SpecialFunctions.erfc(x), 1e-15, x);
        }
    }

    @Test
    void erfHasNoStepWhereItsMethodsMeet() {
        for (double x = 1.99; x < 2.01; x += 1e-5) {
            double slope = (SpecialFunctions.erf(x + 1e-5) - SpecialFunctions.erf(x)) / 1e-5;
            double exact = 2 / Math.sqrt(Math.PI) * Math.exp(-Math.pow(x + 0.5e-5, 2));
            assertClose(exact, slope, 1e-9, x);
        }
    }

    @Test
    void erfinvInvertsErf() {
        var random = new Random(2);
        for (int i = 0; i < 2000; i++) {
            double y = Math.tanh(random.nextGaussian() * 2);
            assertClose(y, SpecialFunctions.erf(SpecialFunctions.erfinv(y)), 1e-15, y);
        }
        for (double gap = 1e-3; gap > 1e-15; gap /= 10) {
            double x = SpecialFunctions.erfinv(1 - gap);
            assertEquals(1 - (1 - gap), SpecialFunctions.erfc(x), 1e-13 * gap + gap * 1e-12);
        }
    }

    @Test
    void lgammaFollowsItsRecurrence() {
        var random = new Random(3);
        for (int i = 0; i < 2000; i++) {
            double x = random.nextDouble() * 20;
            assertClose(SpecialFunctions.lgamma(x) + Math.log(x), SpecialFunctions.lgamma(x + 1), 4e-15, x);
        }
        double factorial = 1;
        for (int n = 1; n < 25; n++) {
            factorial *= n;
            assertClose(Math.log(factorial), SpecialFunctions.lgamma(n + 1), 1e-15, n);
        }
    }

    @Test
    void lgammaReflects() {
        var random = new Random(4);
        for (int i = 0; i < 2000; i++) {
            double x = random.nextDouble() * 0.98 + 0.01;
            double sum = SpecialFunctions.lgamma(x) + SpecialFunctions.lgamma(1 - x);
            assertClose(Math.log(Math.PI / Math.sin(Math.PI * x)), sum, 1e-14, x);
            double negative = SpecialFunctions.lgamma(-x) + Math.log(x);
            assertClose(SpecialFunctions.lgamma(1 - x), negative, 1e-14, -x);
        }
    }

    @Test
    void digammaFollowsItsRecurrenceAndIsTheSlopeOfLgamma() {
        var random = new Random(5);
        for (int i = 0; i < 2000; i++) {
            double x = random.nextDouble() * 30 + 0.01;
            assertClose(SpecialFunctions.digamma(x) + 1 / x, SpecialFunctions.digamma(x + 1), 4e-15 + 4e-15 / x, x);
            double h = 1e-5 * x;
            double slope = (SpecialFunctions.lgamma(x + h) - SpecialFunctions.lgamma(x - h)) / (2 * h);
            assertClose(slope, SpecialFunctions.digamma(x), 1e-7, x);
        }
    }

    @Test
    void areaFunctionsInvertTheHyperbolicOnes() {
        for (double x = -20; x <= 20; x += 0.37) {
            assertClose(x, SpecialFunctions.asinh(Math.sinh(x)), 1e-15, x);
            assertClose(Math.abs(x), SpecialFunctions.acosh(Math.cosh(x)), Math.abs(x) < 1 ? 1e-14 : 2e-15, x);
        }
        for (double x = -0.99; x < 1; x += 0.01) assertClose(x, Math.tanh(SpecialFunctions.atanh(x)), 4e-16, x);
    }
}
