package org.keras4j.backend.cpu.kernels;

import java.util.Arrays;
import org.keras4j.backend.cpu.kernels.Scratch.Use;

/**
 * Cross-entropy of one row of n classes with the number of its class, and its gradient; 0 if there is no such class.
 */
public final class CrossentropyRows {
    private CrossentropyRows() {}

    /** Returns {@code log sum e^p - p[label]}. */
    public static float ofLogits(float[] p, int po, int label, int n) {
        if (label < 0 || label >= n) return 0;
        float max = finiteMax(p, po, n);
        float[] room = Scratch.ofThread().floats(Use.OTHER, n);
        float log = (float) Math.log(RowKernels.expOfDifference(p, po, max, room, 0, n));
        return log + max - p[po + label];
    }

    /** Writes {@code dy (softmax(p) - [label])}. */
    public static void gradientOfLogits(float[] p, int po, int label, float dy, float[] dp, int to, int n) {
        if (label < 0 || label >= n) {
            Arrays.fill(dp, to, to + n, 0);
            return;
        }
        double sum = RowKernels.expOfDifference(p, po, finiteMax(p, po, n), dp, to, n);
        FloatLoops.multiplyByNumber(dp, to, (float) (dy / sum), dp, to, n);
        dp[to + label] -= dy;
    }

    private static float finiteMax(float[] p, int po, int n) {
        float max = Rows.max(p, po, n);
        return Float.isFinite(max) ? max : 0;
    }

    /** Returns {@code -log} of the label's share of the sum, kept {@code epsilon} away from 0 and 1. */
    public static float ofShares(float[] p, int po, int label, float epsilon, float most, int n) {
        if (label < 0 || label >= n) return 0;
        float share = p[po + label] / (float) Rows.sum(p, po, n);
        return (float) -Math.log(Math.min(Math.max(share, epsilon), most));
    }

    /** Writes the gradient of {@link #ofShares} times dy; where the share is at a limit, half of it goes through. */
    public static void gradientOfShares(
            float[] p, int po, int label, float epsilon, float most, float dy, float[] dp, int to, int n) {
        if (label < 0 || label >= n) {
            Arrays.fill(dp, to, to + n, 0);
            return;
        }
        float sum = (float) Rows.sum(p, po, n);
        float share = p[po + label] / sum;
        float through = share < epsilon || share > most ? 0 : share == epsilon || share == most ? 0.5f : 1;
        float d = -dy / Math.min(Math.max(share, epsilon), most) * through / sum;
        Arrays.fill(dp, to, to + n, -d * share);
        dp[to + label] += d;
    }
}
