package org.keras4j.backend.reference;

/** Functions that {@link Math} lacks, accurate to a few ulp of double. */
public final class SpecialFunctions {
    private static final double TWO_OVER_ROOT_PI = 2 / Math.sqrt(Math.PI);
    private static final double EULER_GAMMA = 0.57721566490153286061;
    private static final double[] ZETA_MINUS_1 = zetaMinus1(40);

    private SpecialFunctions() {}

    public static double asinh(double x) {
        double a = Math.abs(x);
        if (a > 0x1p28) return Math.copySign(Math.log(a) + Math.log(2), x);
        return Math.copySign(Math.log1p(a + a * a / (1 + Math.sqrt(1 + a * a))), x);
    }

    /** Returns NaN below 1. */
    public static double acosh(double x) {
        if (x > 0x1p28) return Math.log(x) + Math.log(2);
        double t = x - 1;
        return Math.log1p(t + Math.sqrt(t * (2 + t)));
    }

    /** Returns an infinity at -1 and 1, NaN outside. */
    public static double atanh(double x) {
        double a = Math.abs(x);
        return Math.copySign(0.5 * Math.log1p(2 * a / (1 - a)), x);
    }

    /** Returns the error function. */
    public static double erf(double x) {
        double a = Math.abs(x);
        if (a >= 2) return Math.copySign(1 - erfcFraction(a), x);
        return erfSeries(x);
    }

    /** Returns {@code 1 - erf(x)} with a small relative error. */
    public static double erfc(double x) {
        if (x >= 2) return erfcFraction(x);
        return 1 - erf(x);
    }

    /** Sums {@code 2 / sqrt(pi) exp(-x^2) sum 2^n x^(2n+1) / (2n+1)!!}: all terms have one sign. */
    private static double erfSeries(double x) {
        double term = x;
        double sum = x;
        for (int n = 1; Math.abs(term) > Math.abs(sum) * 1e-18; n++) {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return TWO_OVER_ROOT_PI * Math.exp(-x * x) * sum;
    }

    /** Evaluates the continued fraction of erfc (Abramowitz and Stegun 7.1.14); 60 levels are enough from 2 on. */
    private static double erfcFraction(double x) {
        if (x > 28) return 0;
        double tail = x;
        for (int n = 60; n >= 1; n--) tail = x + 0.5 * n / tail;
        return Math.exp(-x * x) / (Math.sqrt(Math.PI) * tail);
    }

    /** Returns the inverse of {@link #erf}: infinite at -1 and 1, NaN outside. */
    public static double erfinv(double y) {
        double a = Math.abs(y);
        if (!(a <= 1)) return Double.NaN;
        if (a == 1) return Math.copySign(Double.POSITIVE_INFINITY, y);
        if (a == 0) return y;
        double x = a < 0.1 ? a / TWO_OVER_ROOT_PI : erfinvGuess(a);
        for (int i = 0; i < 3; i++) {
            double error = a > 0.5 ? (1 - a) - erfc(x) : erf(x) - a;
            double step = error / (TWO_OVER_ROOT_PI * Math.exp(-x * x));
            x -= step / (1 + x * step);
        }
        return Math.copySign(x, y);
    }

    /** Winitzki's closed form, good to 0.4 %; Halley steps do the rest. */
    private static double erfinvGuess(double y) {
        double w = Math.log((1 - y) * (1 + y));
        double t = 2 / (Math.PI * 0.147) + w / 2;
        return Math.sqrt(Math.sqrt(t * t - w / 0.147) - t);
    }

    /** Returns the logarithm of |gamma(x)|; infinite at 0 and the negative whole numbers. */
    public static double lgamma(double x) {
        if (x != x) return x;
        if (Double.isInfinite(x) || (x <= 0 && x == Math.rint(x))) return Double.POSITIVE_INFINITY;
        if (x < 0) return Math.log(Math.PI / Math.abs(x * sinPi(x))) - lgamma(-x);
        if (x < 0.5) return lgammaNear1(x) - Math.log(x);
        if (x < 1.5) return lgammaNear1(x - 1);
        if (x >= 16) return lgammaStirling(x);
        double product = 1;
        double t = x;
        while (t >= 2.5) product *= --t;
        return lgammaNear1(t - 2) + Math.log1p(t - 2) + Math.log(product);
    }

    /** Returns {@code lgamma(1 + z)} for {@code |z| <= 0.5} (Abramowitz and Stegun 6.1.33). */
    private static double lgammaNear1(double z) {
        double sum = 0;
        double power = z;
        for (int k = 2; k < ZETA_MINUS_1.length; k++) {
            power *= -z;
            sum -= ZETA_MINUS_1[k] * power / k;
        }
        return z * (1 - EULER_GAMMA) - Math.log1p(z) + sum;
    }

    /** Returns Stirling's series (Abramowitz and Stegun 6.1.41), which five terms of are enough for from 16 on. */
    private static double lgammaStirling(double x) {
        double i = 1 / (x * x);
        double series = (1.0 / 12 - i * (1.0 / 360 - i * (1.0 / 1260 - i * (1.0 / 1680 - i * (1.0 / 1188))))) / x;
        return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + series;
    }

    /** Returns the derivative of {@link #lgamma}; NaN at the negative whole numbers, -inf at 0. */
    public static double digamma(double x) {
        if (x == 0) return Math.copySign(Double.POSITIVE_INFINITY, -x);
        if (x < 0) return x == Math.rint(x) ? Double.NaN : digamma(1 - x) - Math.PI * cosPi(x) / sinPi(x);
        double shift = 0;
        double t = x;
        while (t < 10) shift += 1 / t++;
        double i = 1 / (t * t);
        double series = i
                * (1.0 / 12
                        - i
                                * (1.0 / 120
                                        - i
                                                * (1.0 / 252
                                                        - i
                                                                * (1.0 / 240
                                                                        - i
                                                                                * (1.0 / 132
                                                                                        - i
                                                                                                * (691.0 / 32760
                                                                                                        - i / 12))))));
        return Math.log(t) - 0.5 / t - series - shift;
    }

    /** Returns sin(pi x), which is exact about whole numbers since x is reduced first. */
    private static double sinPi(double x) {
        double rest = x - 2 * Math.rint(x / 2);
        return Math.abs(rest) <= 0.25 || Math.abs(rest) >= 0.75
                ? Math.sin(Math.PI * (Math.abs(rest) >= 0.75 ? Math.copySign(1, rest) - rest : rest))
                : Math.copySign(Math.cos(Math.PI * (Math.abs(rest) - 0.5)), rest);
    }

    private static double cosPi(double x) {
        return sinPi(x - 2 * Math.rint(x / 2) + 0.5);
    }

    /** Returns zeta(k) - 1 at index k >= 2: 49 terms and the Euler-Maclaurin tail from 50 on. */
    private static double[] zetaMinus1(int count) {
        var values = new double[count];
        for (int k = 2; k < count; k++) {
            double n = 50;
            double power = Math.pow(n, -k);
            double third = k * (k + 1.0) * (k + 2) / (720 * n * n * n);
            double fifth = third * (k + 3.0) * (k + 4) / (42 * n * n);
            double sum = power * (n / (k - 1) + 0.5 + k / (12 * n) - third + fifth);
            for (int m = 49; m >= 2; m--) sum += Math.pow(m, -k);
            values[k] = sum;
        }
        return values;
    }
}
