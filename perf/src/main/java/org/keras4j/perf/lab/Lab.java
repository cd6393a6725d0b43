package org.keras4j.perf.lab;

import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.keras4j.backend.cpu.kernels.Gemm;
import org.keras4j.backend.cpu.kernels.Transpose;
import org.keras4j.backend.cpu.kernels.WorkPool;
import org.keras4j.perf.lab.Experiment.Variant;

/** The kernel laboratory: numbered variants of small kernels, from which the best one moves to the backend. */
public final class Lab {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();
    /** Columns of a panel and side of the squares that a transposition moves. */
    private static final int WIDTH = 32;

    private static final int SIDE = 16;

    private Lab() {}

    /** Runs the experiments of these names, all if there is none, with so many seconds for each variant. */
    public static void run(List<String> names, double seconds) {
        List<Experiment> all = List.of(panels(512), sum(4096), product(256));
        for (String name : names)
            if (all.stream().noneMatch(e -> e.name().equals(name)))
                throw new IllegalArgumentException("Unknown experiment \"" + name + "\"; known: "
                        + all.stream().map(Experiment::name).toList());
        for (Experiment e : all) if (names.isEmpty() || names.contains(e.name())) e.run(seconds);
    }

    /** Packs a transposed factor {@code [n][n]} into panels {@code [n][WIDTH]}. */
    private static Experiment panels(int n) {
        float[] x = SgemmBenchmark.random(n * n);
        float[] y = new float[n * n];
        return new Experiment(
                "panels",
                "in which order to transpose into narrow panels",
                y,
                (double) n * n,
                0,
                List.of(
                        new Variant("element by element", () -> {
                            for (int j = 0; j < n; j++)
                                for (int k = 0; k < n; k++)
                                    y[j / WIDTH * n * WIDTH + k * WIDTH + j % WIDTH] = x[j * n + k];
                        }),
                        new Variant("squares, lines of the panel", () -> squares(x, y, n, false)),
                        new Variant("squares, lines of the factor", () -> squares(x, y, n, true)),
                        new Variant("the backend", () -> {
                            for (int j = 0; j < n; j += WIDTH) Transpose.block(x, j * n, n, WIDTH, n, y, j * n, WIDTH);
                        })));
    }

    private static void squares(float[] x, float[] y, int n, boolean byFactor) {
        for (int j = 0; j < n; j += SIDE) {
            for (int k = 0; k < n; k += SIDE) {
                int to = j / WIDTH * n * WIDTH + k * WIDTH + j % WIDTH;
                if (byFactor) byFactor(x, j * n + k, n, y, to);
                else byPanel(x, j * n + k, n, y, to);
            }
        }
    }

    private static void byPanel(float[] x, int from, int n, float[] y, int to) {
        for (int k = 0; k < SIDE; k++) for (int j = 0; j < SIDE; j++) y[to + k * WIDTH + j] = x[from + j * n + k];
    }

    private static void byFactor(float[] x, int from, int n, float[] y, int to) {
        for (int j = 0; j < SIDE; j++) for (int k = 0; k < SIDE; k++) y[to + k * WIDTH + j] = x[from + j * n + k];
    }

    /** Sums an array that fits into the first-level cache. */
    private static Experiment sum(int n) {
        float[] x = SgemmBenchmark.random(n);
        float[] y = new float[1];
        return new Experiment(
                "sum",
                "how many accumulators a sum needs",
                y,
                n,
                1e-3,
                List.of(
                        new Variant("plain loop", () -> {
                            float sum = 0;
                            for (float v : x) sum += v;
                            y[0] = sum;
                        }),
                        new Variant("one vector", () -> y[0] = lanes(one(x))),
                        new Variant("four vectors", () -> y[0] = lanes(four(x)))));
    }

    private static FloatVector one(float[] x) {
        FloatVector a = FloatVector.zero(S);
        for (int i = 0; i < x.length; i += L) a = a.add(FloatVector.fromArray(S, x, i));
        return a;
    }

    private static FloatVector four(float[] x) {
        FloatVector a = FloatVector.zero(S), b = a, c = a, d = a;
        for (int i = 0; i < x.length; i += 4 * L) {
            a = a.add(FloatVector.fromArray(S, x, i));
            b = b.add(FloatVector.fromArray(S, x, i + L));
            c = c.add(FloatVector.fromArray(S, x, i + 2 * L));
            d = d.add(FloatVector.fromArray(S, x, i + 3 * L));
        }
        return a.add(b).add(c.add(d));
    }

    private static float lanes(FloatVector v) {
        float sum = 0;
        for (int i = 0; i < L; i++) sum += v.lane(i);
        return sum;
    }

    /** Multiplies square matrices. */
    private static Experiment product(int n) {
        float[] a = SgemmBenchmark.random(n * n);
        float[] b = a.clone();
        float[] c = new float[n * n];
        return new Experiment(
                "product",
                "what register tiles and threads gain over a plain matrix product; elements are multiply-adds",
                c,
                (double) n * n * n,
                1e-3,
                List.of(
                        new Variant("plain loops", () -> {
                            for (int i = 0; i < n; i++) {
                                for (int j = 0; j < n; j++) c[i * n + j] = 0;
                                for (int k = 0; k < n; k++)
                                    for (int j = 0; j < n; j++) c[i * n + j] += a[i * n + k] * b[k * n + j];
                            }
                        }),
                        new Variant("the backend, one thread", gemm(new WorkPool(1), n, a, b, c)),
                        new Variant("the backend, all threads", gemm(WorkPool.shared(), n, a, b, c))));
    }

    private static Runnable gemm(WorkPool pool, int n, float[] a, float[] b, float[] c) {
        var gemm = new Gemm(pool, n, n, n, false, false);
        return () -> gemm.run(a, 0, b, 0, new float[0], 0, c, 0);
    }
}
