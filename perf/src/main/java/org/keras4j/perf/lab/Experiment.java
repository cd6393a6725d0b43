package org.keras4j.perf.lab;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Several ways to compute the same: the first is a plain loop, which the results of the others are checked against.
 *
 * @param name what to call it on the command line
 * @param question what it is to find out
 * @param result what every variant writes
 * @param elements by which times are divided
 * @param tolerance greatest difference to the plain loop that is due to the order of additions; 0 for copies
 */
record Experiment(
        String name, String question, float[] result, double elements, double tolerance, List<Variant> variants) {
    /** One way to compute the result. */
    record Variant(String what, Runnable run) {}

    /** Checks and times all variants; prints a line for each. */
    void run(double seconds) {
        System.out.printf("%s: %s%n", name, question);
        float[] want = {};
        double plain = 0;
        for (int i = 0; i < variants.size(); i++) {
            Variant variant = variants.get(i);
            Arrays.fill(result, Float.NaN);
            variant.run.run();
            if (i == 0) want = result.clone();
            else check(variant, want);
            double time = SgemmBenchmark.best(variant.run, seconds);
            if (i == 0) plain = time;
            System.out.printf(
                    Locale.ROOT,
                    "%4d  %-44s %9.4f ns/element %7.2f x as fast%n",
                    i + 1,
                    variant.what,
                    time * 1e9 / elements,
                    plain / time);
        }
    }

    private void check(Variant variant, float[] want) {
        for (int i = 0; i < want.length; i++) {
            if (Math.abs(want[i] - result[i]) <= tolerance) continue;
            throw new IllegalStateException(name + ", variant \"" + variant.what + "\": element " + i + " is "
                    + result[i] + ", the plain loop says " + want[i]);
        }
    }
}
