package org.keras4j.perf.lab;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.keras4j.backend.cpu.kernels.Gemm;
import org.keras4j.backend.cpu.kernels.Scratch;
import org.keras4j.backend.cpu.kernels.Work;
import org.keras4j.backend.cpu.kernels.WorkPool;

/**
 * Measures the peak of fused multiply-adds and the matrix product in one run, and prints the second as a share of the
 * first.
 */
public final class SgemmBenchmark {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;

    private SgemmBenchmark() {}

    /** Runs all sizes on one thread and on all, and spends so many seconds on each number. */
    public static void run(List<ProductSize> sizes, double seconds) {
        for (int threads : new int[] {1, Math.max(2, WorkPool.shared().threads())}) {
            WorkPool pool = new WorkPool(threads);
            double peak = peak(pool, seconds);
            System.out.printf(Locale.ROOT, "%d thread(s), %d lanes: peak %.0f GFLOP/s%n", threads, S.length(), peak);
            for (ProductSize size : sizes) {
                double plain = gemm(pool, size, false, false, seconds);
                double ta = gemm(pool, size, true, false, seconds);
                double tb = gemm(pool, size, false, true, seconds);
                double most = Math.max(peak(pool, seconds / 4), peak);
                System.out.printf(
                        Locale.ROOT,
                        "%s  AB %6.1f (%3.0f %%)  A^T B %6.1f (%3.0f %%)  A B^T %6.1f (%3.0f %%)%n",
                        size,
                        plain,
                        100 * plain / most,
                        ta,
                        100 * ta / most,
                        tb,
                        100 * tb / most);
            }
        }
    }

    private static double gemm(WorkPool pool, ProductSize size, boolean ta, boolean tb, double seconds) {
        float[] a = random(size.m() * size.k());
        float[] b = random(size.n() * size.k());
        float[] c = new float[size.m() * size.n()];
        Gemm gemm = new Gemm(pool, size.m(), size.n(), size.k(), ta, tb);
        Runnable run = () -> gemm.run(a, 0, b, 0, new float[0], 0, c, 0);
        return 1e-9 * size.operations() / best(run, seconds, pool.threads() == 1);
    }

    /** Returns the shortest of the times of one run, in seconds, after as much time of warming up. */
    static double best(Runnable run, double seconds) {
        return best(run, seconds, false);
    }

    /**
     * As {@link #best(Runnable, double)}, but in processor time of this thread: fair on a machine that others use too.
     */
    static double best(Runnable run, double seconds, boolean alone) {
        double best = Double.MAX_VALUE;
        for (int phase = 0; phase < 2; phase++) {
            best = Double.MAX_VALUE;
            long start = time(alone);
            while (time(alone) - start < seconds * 1e9) {
                int repeats = 0;
                long from = time(alone);
                do {
                    run.run();
                    repeats++;
                } while (time(alone) - from < 1_000_000);
                best = Math.min(best, (time(alone) - from) * 1e-9 / repeats);
            }
        }
        return best;
    }

    private static long time(boolean alone) {
        return alone ? ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() : System.nanoTime();
    }

    private static double peak(WorkPool pool, double seconds) {
        // Many parts: were there one for each thread, the caller would have done them all before a parked worker is
        // awake.
        int parts = 16 * pool.threads();
        float[] sink = new float[64 * parts];
        int rounds = 20_000;
        Work work = new Work() {
            @Override
            public void part(int index, Scratch scratch) {
                sink[64 * index] = chains(rounds, 1.0001f);
            }
        };
        double time = best(() -> pool.run(parts, work), seconds, pool.threads() == 1);
        return 24e-9 * S.length() * rounds * parts / time;
    }

    /** Twelve chains that do not depend on each other: more than latency times throughput of any machine. */
    private static float chains(int rounds, float factor) {
        FloatVector x = FloatVector.broadcast(S, factor);
        FloatVector y = FloatVector.broadcast(S, 1e-9f);
        FloatVector a = y, b = x, c = y, d = x, e = y, f = x, g = y, h = x, i = y, j = x, k = y, l = x;
        for (int n = 0; n < rounds; n++) {
            a = a.fma(x, y);
            b = b.fma(x, y);
            c = c.fma(x, y);
            d = d.fma(x, y);
            e = e.fma(x, y);
            f = f.fma(x, y);
            g = g.fma(x, y);
            h = h.fma(x, y);
            i = i.fma(x, y);
            j = j.fma(x, y);
            k = k.fma(x, y);
            l = l.fma(x, y);
        }
        return a.add(b)
                .add(c)
                .add(d)
                .add(e)
                .add(f)
                .add(g)
                .add(h)
                .add(i)
                .add(j)
                .add(k)
                .add(l)
                .lane(0);
    }

    static float[] random(int n) {
        var random = new SplittableRandom(n);
        float[] x = new float[n];
        for (int i = 0; i < n; i++) x[i] = (float) (random.nextDouble() * 2 - 1);
        return x;
    }
}
