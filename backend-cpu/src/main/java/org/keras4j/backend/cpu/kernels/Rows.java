package org.keras4j.backend.cpu.kernels;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Reduces runs of floats to one number; four accumulators hide the latency of an addition. */
final class Rows {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();
    /** Elements summed in float before the sum goes on in double: each lane adds 16 numbers. */
    private static final int BLOCK = 64 * L;

    private Rows() {}

    static float reduce(Reduction.Function function, float[] x, int at, int n) {
        return switch (function) {
            case SUM -> (float) sum(x, at, n);
            case PROD -> product(x, at, n);
            case MAX -> max(x, at, n);
            case MIN -> min(x, at, n);
        };
    }

    /** Sums blocks in float and their sums in double, so that the error does not grow with the length. */
    static double sum(float[] x, int at, int n) {
        double total = 0;
        for (int i = 0; i < n; i += BLOCK) total += block(x, at + i, Math.min(BLOCK, n - i));
        return total;
    }

    /** Computes what {@link #sum} does, bit for bit, without vectors. */
    static double plainSum(float[] x, int at, int n) {
        double total = 0;
        for (int i = 0; i < n; i += BLOCK) total += plainBlock(x, at + i, Math.min(BLOCK, n - i));
        return total;
    }

    private static float plainBlock(float[] x, int at, int n) {
        if (n < L) return ofFew(x, at, n);
        float[] lanes = Scratch.ofThread().floats(Scratch.Use.LANES, 4 * L);
        Arrays.fill(lanes, 0, 4 * L, 0);
        int fours = n / (4 * L) * 4 * L;
        int whole = n / L * L;
        for (int i = 0; i < fours; i++) lanes[i % (4 * L)] += x[at + i];
        for (int i = fours; i < whole; i++) lanes[i % L] += x[at + i];
        for (int j = 0; j < L; j++) lanes[j] = lanes[j] + lanes[L + j] + (lanes[2 * L + j] + lanes[3 * L + j]);
        float sum = Lanes.sum(lanes);
        for (int i = whole; i < n; i++) sum += x[at + i];
        return sum;
    }

    private static float block(float[] x, int at, int n) {
        if (n < L) return ofFew(x, at, n);
        FloatVector a = FloatVector.zero(S);
        FloatVector b = a;
        FloatVector c = a;
        FloatVector d = a;
        int i = 0;
        for (; i <= n - 4 * L; i += 4 * L) {
            a = a.add(FloatVector.fromArray(S, x, at + i));
            b = b.add(FloatVector.fromArray(S, x, at + i + L));
            c = c.add(FloatVector.fromArray(S, x, at + i + 2 * L));
            d = d.add(FloatVector.fromArray(S, x, at + i + 3 * L));
        }
        for (; i <= n - L; i += L) a = a.add(FloatVector.fromArray(S, x, at + i));
        float[] lanes = Lanes.room();
        a.add(b).add(c.add(d)).intoArray(lanes, 0);
        float sum = Lanes.sum(lanes);
        for (; i < n; i++) sum += x[at + i];
        return sum;
    }

    private static float ofFew(float[] x, int at, int n) {
        float sum = 0;
        for (int i = 0; i < n; i++) sum += x[at + i];
        return sum;
    }

    static float max(float[] x, int at, int n) {
        if (n < L) {
            float max = Float.NEGATIVE_INFINITY;
            for (int i = 0; i < n; i++) max = Math.max(max, x[at + i]);
            return max;
        }
        FloatVector a = FloatVector.broadcast(S, Float.NEGATIVE_INFINITY);
        FloatVector b = a;
        FloatVector c = a;
        FloatVector d = a;
        int i = 0;
        for (; i <= n - 4 * L; i += 4 * L) {
            a = a.max(FloatVector.fromArray(S, x, at + i));
            b = b.max(FloatVector.fromArray(S, x, at + i + L));
            c = c.max(FloatVector.fromArray(S, x, at + i + 2 * L));
            d = d.max(FloatVector.fromArray(S, x, at + i + 3 * L));
        }
        for (; i <= n - L; i += L) a = a.max(FloatVector.fromArray(S, x, at + i));
        float max = a.max(b).max(c.max(d)).reduceLanes(VectorOperators.MAX);
        for (; i < n; i++) max = Math.max(max, x[at + i]);
        return max;
    }

    static float min(float[] x, int at, int n) {
        if (n < L) {
            float min = Float.POSITIVE_INFINITY;
            for (int i = 0; i < n; i++) min = Math.min(min, x[at + i]);
            return min;
        }
        FloatVector a = FloatVector.broadcast(S, Float.POSITIVE_INFINITY);
        FloatVector b = a;
        int i = 0;
        for (; i <= n - 2 * L; i += 2 * L) {
            a = a.min(FloatVector.fromArray(S, x, at + i));
            b = b.min(FloatVector.fromArray(S, x, at + i + L));
        }
        float min = a.min(b).reduceLanes(VectorOperators.MIN);
        for (; i < n; i++) min = Math.min(min, x[at + i]);
        return min;
    }

    private static float product(float[] x, int at, int n) {
        double product = 1;
        for (int i = 0; i < n; i++) product *= x[at + i];
        return (float) product;
    }
}
