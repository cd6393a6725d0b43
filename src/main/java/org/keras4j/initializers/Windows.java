package org.keras4j.initializers;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/** The window functions of signal processing, named as in SciPy. */
final class Windows {
    /** Windows as functions of the position from 0 to 1. */
    private static final Map<String, DoubleUnaryOperator> FUNCTIONS = new TreeMap<>(Map.ofEntries(
            Map.entry("boxcar", _ -> 1),
            Map.entry("hann", cosines(0.5, 0.5)),
            Map.entry("hamming", cosines(0.54, 0.46)),
            Map.entry("blackman", cosines(0.42, 0.5, 0.08)),
            Map.entry("nuttall", cosines(0.3635819, 0.4891775, 0.1365995, 0.0106411)),
            Map.entry("blackmanharris", cosines(0.35875, 0.48829, 0.14128, 0.01168)),
            Map.entry("flattop", cosines(0.21557895, 0.41663158, 0.277263158, 0.083578947, 0.006947368)),
            Map.entry("bartlett", x -> 1 - Math.abs(2 * x - 1)),
            Map.entry("barthann", x -> 0.62 - 0.48 * Math.abs(x - 0.5) + 0.38 * Math.cos(2 * Math.PI * (x - 0.5))),
            Map.entry("bohman", Windows::bohman),
            Map.entry("lanczos", x -> sinc(2 * x - 1)),
            Map.entry("tukey", Windows::tukey)));

    private static final Map<String, String> ALIASES = Map.ofEntries(
            Map.entry("box", "boxcar"),
            Map.entry("ones", "boxcar"),
            Map.entry("rect", "boxcar"),
            Map.entry("rectangular", "boxcar"),
            Map.entry("han", "hann"),
            Map.entry("hanning", "hann"),
            Map.entry("hamm", "hamming"),
            Map.entry("ham", "hamming"),
            Map.entry("black", "blackman"),
            Map.entry("blk", "blackman"),
            Map.entry("nutl", "nuttall"),
            Map.entry("nut", "nuttall"),
            Map.entry("blackharr", "blackmanharris"),
            Map.entry("bkh", "blackmanharris"),
            Map.entry("flat", "flattop"),
            Map.entry("flt", "flattop"),
            Map.entry("bart", "bartlett"),
            Map.entry("brt", "bartlett"),
            Map.entry("brthan", "barthann"),
            Map.entry("bth", "barthann"),
            Map.entry("bman", "bohman"),
            Map.entry("bmn", "bohman"),
            Map.entry("sinc", "lanczos"),
            Map.entry("tuk", "tukey"),
            Map.entry("halfcosine", "cosine"),
            Map.entry("triangle", "triang"),
            Map.entry("tri", "triang"),
            Map.entry("parz", "parzen"),
            Map.entry("par", "parzen"));

    private Windows() {}

    /** Returns a window of {@code n} values, symmetric or one period of it. */
    static double[] make(String name, int n, boolean periodic) {
        if (n == 1) {
            sample(name, 2);
            return new double[] {1};
        }
        double[] values = sample(name, periodic ? n + 1 : n);
        return periodic ? Arrays.copyOf(values, n) : values;
    }

    private static double[] sample(String name, int n) {
        String known = ALIASES.getOrDefault(name, name);
        var out = new double[n];
        DoubleUnaryOperator function = FUNCTIONS.get(known);
        for (int i = 0; i < n; i++) {
            double x = i / (n - 1.0);
            double centered = i - (n - 1) / 2.0;
            if (function != null) out[i] = function.applyAsDouble(x);
            else
                out[i] = switch (known) {
                    case "cosine" -> Math.sin(Math.PI / n * (i + 0.5));
                    case "triang" -> 1 - Math.abs(centered) / ((n % 2 == 0 ? n : n + 1) / 2.0);
                    case "parzen" -> parzen(2 * Math.abs(centered) / n);
                    default -> throw unknown(name);
                };
        }
        return out;
    }

    private static DoubleUnaryOperator cosines(double... weights) {
        return x -> {
            double sum = 0;
            for (int k = 0; k < weights.length; k++)
                sum += (k % 2 == 0 ? 1 : -1) * weights[k] * Math.cos(2 * Math.PI * k * x);
            return sum;
        };
    }

    private static double bohman(double x) {
        double distance = Math.abs(2 * x - 1);
        if (distance >= 1) return 0;
        return (1 - distance) * Math.cos(Math.PI * distance) + Math.sin(Math.PI * distance) / Math.PI;
    }

    /** Half of the window, a quarter at each end, is a cosine. */
    private static double tukey(double x) {
        double edge = Math.min(x, 1 - x);
        return edge >= 0.25 ? 1 : 0.5 * (1 + Math.cos(Math.PI * (4 * edge - 1)));
    }

    private static double parzen(double distance) {
        if (distance <= 0.5) return 1 - 6 * distance * distance * (1 - distance);
        double rest = 1 - distance;
        return 2 * rest * rest * rest;
    }

    private static double sinc(double x) {
        return x == 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
    }

    private static IllegalArgumentException unknown(@Nullable String name) {
        return new IllegalArgumentException(
                "Unknown window \"" + name + "\"; known: " + FUNCTIONS.keySet() + ", cosine, parzen, triang");
    }
}
