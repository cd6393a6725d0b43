package org.keras4j.perf;

import java.util.Arrays;
import java.util.Locale;

/** Measured values of one thing. */
record Measurements(String name, String unit, double[] values) {
    Measurements {
        values = values.clone();
        Arrays.sort(values);
    }

    double median() {
        return values[values.length / 2];
    }

    double min() {
        return values[0];
    }

    double max() {
        return values[values.length - 1];
    }

    /** Says whether more is better: for a rate it is, for a time it is not. */
    boolean isRate() {
        return unit.endsWith("/s");
    }

    String line(String who) {
        return String.format(
                Locale.ROOT,
                "%-28s %-14s %11s %-9s (%s .. %s, n=%d)",
                name,
                who,
                digits(median()),
                unit,
                digits(min()),
                digits(max()),
                values.length);
    }

    String json(String who) {
        return String.format(
                Locale.ROOT,
                "{\"backend\": \"%s\", \"name\": \"%s\", \"unit\": \"%s\", \"median\": %.4f, \"min\": %.4f, \"max\":"
                        + " %.4f, \"n\": %d}",
                who,
                name,
                unit,
                median(),
                min(),
                max(),
                values.length);
    }

    static String digits(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.2f" : value < 1000 ? "%.1f" : "%.0f", value);
    }
}
