package org.keras4j.ops;

import org.keras4j.graph.Tensor;

/** Window functions of signal processing. */
final class WindowFunctions {
    private WindowFunctions() {}

    /** NumPy's symmetric windows of n points: bartlett, blackman, hamming, hanning, kaiser. */
    static Tensor symmetric(String name, int n, double beta) {
        return Creation.vector(values(name, n, n - 1, beta), DTypes.floatx());
    }

    /** The periodic windows that stft names: hann and hamming. */
    static double[] periodic(String name, int n) {
        return switch (name) {
            case "hann" -> values("hanning", n, n, 0);
            case "hamming" -> values("hamming", n, n, 0);
            default -> throw new IllegalArgumentException("Unknown window \"" + name + "\"; known: hamming, hann");
        };
    }

    private static double[] values(String name, int n, int period, double beta) {
        var w = new double[Math.max(0, n)];
        for (int i = 0; i < w.length; i++) {
            double x = period <= 0 ? 0.5 : (double) i / period;
            double c = Math.cos(2 * Math.PI * x);
            double value = switch (name) {
                case "bartlett" -> 1 - Math.abs(2 * x - 1);
                case "blackman" -> 0.42 - 0.5 * c + 0.08 * Math.cos(4 * Math.PI * x);
                case "hamming" -> 0.54 - 0.46 * c;
                case "hanning" -> 0.5 - 0.5 * c;
                case "kaiser" -> i0(beta * Math.sqrt(Math.max(0, 4 * x * (1 - x)))) / i0(beta);
                default -> throw new IllegalArgumentException("Unknown window \"" + name + "\"");
            };
            w[i] = n == 1 ? 1 : value;
        }
        return w;
    }

    /** The modified Bessel function of order 0 by its power series. */
    private static double i0(double x) {
        double term = 1;
        double sum = 1;
        for (int k = 1; term > sum * 1e-17; k++) {
            term *= (x / (2 * k)) * (x / (2 * k));
            sum += term;
        }
        return sum;
    }
}
