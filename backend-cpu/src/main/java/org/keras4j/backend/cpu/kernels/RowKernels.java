package org.keras4j.backend.cpu.kernels;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Normalises rows of {@code x[rows][n]}: softmax, log-softmax, layer normalisation, each row by itself. */
public final class RowKernels {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();

    private static final VectorWarmup LAYER_NORM = new VectorWarmup((x, y, n) -> {
        float mean = (float) Rows.sum(x, 0, n);
        normalize(x, 0, mean, (float) squares(x, 0, mean, n), x, 0, x, 0, y, 0, n);
    });

    private RowKernels() {}

    /** Computes {@code y = e^(x - max x) / sum e^(x - max x)}. */
    public static void softmax(float[] x, int xo, float[] y, int yo, int n) {
        float max = Rows.max(x, xo, n);
        double sum = expOfDifference(x, xo, max, y, yo, n);
        FloatLoops.multiplyByNumber(y, yo, (float) (1 / sum), y, yo, n);
    }

    /** Computes {@code y = x - max x - log sum e^(x - max x)}. */
    public static void logSoftmax(float[] x, int xo, float[] y, int yo, int n) {
        float max = Rows.max(x, xo, n);
        double sum = expOfDifference(x, xo, max, y, yo, n);
        float log = (float) Math.log(sum);
        FloatLoops.subtractNumber(x, xo, max, y, yo, n);
        FloatLoops.subtractNumber(y, yo, log, y, yo, n);
    }

    /** Computes {@code dx = y * (dy - sum y dy)}. */
    public static void softmaxGradient(float[] y, int yo, float[] dy, int go, float[] dx, int xo, int n) {
        float sum = Gemv.dot(n, y, yo, dy, go);
        FloatLoops.subtractNumber(dy, go, sum, dx, xo, n);
        FloatLoops.multiply(y, yo, dx, xo, dx, xo, n);
    }

    /** Computes {@code y = (x - mean) / sqrt(variance + epsilon) * gamma + beta}. */
    public static void layerNorm(
            float[] x, int xo, float[] gamma, int go, float[] beta, int bo, float[] y, int yo, int n, double epsilon) {
        boolean hot = LAYER_NORM.isHot(n);
        float mean = (float) ((hot ? Rows.sum(x, xo, n) : Rows.plainSum(x, xo, n)) / n);
        double variance = (hot ? squares(x, xo, mean, n) : plainSquares(x, xo, mean, n)) / n;
        float scale = (float) (1 / Math.sqrt(variance + epsilon));
        if (hot) normalize(x, xo, mean, scale, gamma, go, beta, bo, y, yo, n);
        else plainlyNormalize(x, xo, mean, scale, gamma, go, beta, bo, y, yo, n);
    }

    private static void normalize(
            float[] x,
            int xo,
            float mean,
            float scale,
            float[] gamma,
            int go,
            float[] beta,
            int bo,
            float[] y,
            int yo,
            int n) {
        int i = 0;
        for (; i <= n - L; i += L) {
            FloatVector unit = FloatVector.fromArray(S, x, xo + i).sub(mean).mul(scale);
            unit.mul(FloatVector.fromArray(S, gamma, go + i))
                    .add(FloatVector.fromArray(S, beta, bo + i))
                    .intoArray(y, yo + i);
        }
        if (i < n) plainlyNormalize(x, xo + i, mean, scale, gamma, go + i, beta, bo + i, y, yo + i, n - i);
    }

    private static void plainlyNormalize(
            float[] x,
            int xo,
            float mean,
            float scale,
            float[] gamma,
            int go,
            float[] beta,
            int bo,
            float[] y,
            int yo,
            int n) {
        for (int i = 0; i < n; i++) y[yo + i] = (x[xo + i] - mean) * scale * gamma[go + i] + beta[bo + i];
    }

    /** Writes {@code e^(x - shift)} and returns the sum. */
    static double expOfDifference(float[] x, int xo, float shift, float[] y, int yo, int n) {
        if (n < L) return expOfFew(x, xo, shift, y, yo, n);
        float[] lanes = Lanes.room();
        int i = 0;
        double total = 0;
        while (i <= n - L) {
            FloatVector a = FloatVector.zero(S);
            int end = Math.min(n - L, i + 31 * L);
            for (; i <= end; i += L) {
                FloatVector e =
                        VectorMath.exp(FloatVector.fromArray(S, x, xo + i).sub(shift));
                e.intoArray(y, yo + i);
                a = a.add(e);
            }
            a.intoArray(lanes, 0);
            total += Lanes.sum(lanes);
        }
        return total + expOfFew(x, xo + i, shift, y, yo + i, n - i);
    }

    private static double expOfFew(float[] x, int xo, float shift, float[] y, int yo, int n) {
        double total = 0;
        for (int i = 0; i < n; i++) {
            float e = VectorMath.exp(x[xo + i] - shift);
            y[yo + i] = e;
            total += e;
        }
        return total;
    }

    static double squares(float[] x, int xo, float mean, int n) {
        float[] lanes = Lanes.room();
        double total = 0;
        int i = 0;
        while (i <= n - L) {
            FloatVector a = FloatVector.zero(S);
            int end = Math.min(n - L, i + 31 * L);
            for (; i <= end; i += L) {
                FloatVector d = FloatVector.fromArray(S, x, xo + i).sub(mean);
                a = d.fma(d, a);
            }
            a.intoArray(lanes, 0);
            total += Lanes.sum(lanes);
        }
        return total + squaresOfFew(x, xo + i, mean, n - i);
    }

    /** Computes what {@link #squares} does, bit for bit. */
    static double plainSquares(float[] x, int xo, float mean, int n) {
        float[] lanes = Lanes.room();
        double total = 0;
        int whole = n / L * L;
        for (int i = 0; i < whole; i += 32 * L) {
            Arrays.fill(lanes, 0, L, 0);
            int end = Math.min(whole, i + 32 * L);
            for (int j = i; j < end; j++) {
                float d = x[xo + j] - mean;
                lanes[j % L] = Math.fma(d, d, lanes[j % L]);
            }
            total += Lanes.sum(lanes);
        }
        return total + squaresOfFew(x, xo + whole, mean, n - whole);
    }

    private static double squaresOfFew(float[] x, int xo, float mean, int n) {
        double total = 0;
        for (int i = 0; i < n; i++) {
            double d = x[xo + i] - mean;
            total += d * d;
        }
        return total;
    }
}
