package org.keras4j.backend.cpu.kernels;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Makes weights of a tile's scores, {@code s[height][DEPTH]}, whose first {@code n} columns count, a multiple of two
 * vectors. Scores are logarithms to the base 2, because 2^x needs no reduction by a multiple of ln 2.
 */
final class ScoreTiles {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();
    private static final int D = Blocks.DEPTH;

    /** Adding it rounds a float of less than 2^22 to a whole number, which then lies in the low bits. */
    private static final FloatVector ROUNDER = of(0x1.8p23f);
    /** The smallest power whose result is a normal number: less counts for nothing beside the row's greatest, 1. */
    private static final FloatVector LOWEST = of(-126);

    // our own minimax fit of 2^x - 1 for |x| <= 0.5: its relative error is 9e-8
    private static final FloatVector P1 = of(0.693147f);
    private static final FloatVector P2 = of(0.24022242f);
    private static final FloatVector P3 = of(0.055507336f);
    private static final FloatVector P4 = of(0.009671513f);
    private static final FloatVector P5 = of(0.0013264727f);
    private static final FloatVector ONE = of(1);

    private static final VectorWarmup MAXIMA =
            new VectorWarmup((s, y, n) -> maximaOfVectors(s, Math.max(1, n / D), Math.min(n, D), y, 0));
    private static final VectorWarmup POWERS = new VectorWarmup(
            (s, y, n) -> powersOfVectors(s, Math.max(1, n / D), Math.min(n, D), y, 0, y, 4 * L, y, 2 * L));

    private ScoreTiles() {}

    private static FloatVector of(float value) {
        return FloatVector.broadcast(S, value);
    }

    /** Writes the greatest score of each row. */
    static void maxima(float[] s, int height, int n, float[] to, int at) {
        if (MAXIMA.isHot(height * n)) maximaOfVectors(s, height, n, to, at);
        else for (int i = 0; i < height; i++) to[at + i] = maximum(s, i * D, n);
    }

    static float maximum(float[] s, int row, int n) {
        float most = s[row];
        for (int j = row + 1; j < row + n; j++) if (s[j] > most) most = s[j];
        return most;
    }

    static void maximaOfVectors(float[] s, int height, int n, float[] to, int at) {
        for (int i = 0; i < height; i++) {
            FloatVector a = FloatVector.fromArray(S, s, i * D);
            FloatVector b = FloatVector.fromArray(S, s, i * D + L);
            for (int j = i * D + 2 * L; j < i * D + n; j += 2 * L) {
                FloatVector x = FloatVector.fromArray(S, s, j);
                FloatVector y = FloatVector.fromArray(S, s, j + L);
                // a NaN is passed over here, and found again in the sum
                a = a.blend(x, x.compare(VectorOperators.GT, a));
                b = b.blend(y, y.compare(VectorOperators.GT, b));
            }
            to[at + i] = a.blend(b, b.compare(VectorOperators.GT, a)).reduceLanes(VectorOperators.MAX);
        }
    }

    /** Replaces each row's scores by {@code 2^(s - shift)} and writes the sums; {@code lanes} is room for vectors. */
    static void powers(
            float[] s, int height, int n, float[] shifts, int shift, float[] lanes, int lane, float[] sums, int sum) {
        if (POWERS.isHot(height * n)) {
            powersOfVectors(s, height, n, shifts, shift, lanes, lane, sums, sum);
            return;
        }
        for (int i = 0; i < height; i++) {
            Arrays.fill(lanes, lane, lane + L, 0);
            plainPowers(s, i * D, n, shifts[shift + i], lanes, lane);
            sums[sum + i] = sumOfLanes(lanes, lane);
        }
    }

    /** Replaces one row's scores, and adds the powers to {@code lanes} in the order that vectors have. */
    static void plainPowers(float[] s, int row, int n, float most, float[] lanes, int lane) {
        for (int j = 0; j < n; j++) {
            float e = power(s[row + j] - most);
            s[row + j] = e;
            lanes[lane + j % L] += e;
        }
    }

    static void powersOfVectors(
            float[] s, int height, int n, float[] shifts, int shift, float[] lanes, int lane, float[] sums, int sum) {
        for (int i = 0; i < height; i++) {
            FloatVector most = FloatVector.broadcast(S, shifts[shift + i]);
            FloatVector a = FloatVector.zero(S);
            for (int j = i * D; j < i * D + n; j += L) {
                FloatVector e = power(FloatVector.fromArray(S, s, j).sub(most));
                e.intoArray(s, j);
                a = a.add(e);
            }
            a.intoArray(lanes, lane + i * L);
        }
        // not while a row's lanes are on their way to memory
        for (int i = 0; i < height; i++) sums[sum + i] = sumOfLanes(lanes, lane + i * L);
    }

    private static float sumOfLanes(float[] lanes, int from) {
        for (int half = L / 2; half > 0; half /= 2)
            for (int j = from; j < from + half; j++) lanes[j] += lanes[j + half];
        return lanes[from];
    }

    /** Writes {@code 2^(s - shift)} of one row. */
    static void powers(float[] s, int row, int n, float shift, float[] to, int at) {
        FloatVector shifts = FloatVector.broadcast(S, shift);
        for (int j = 0; j < n; j += L)
            power(FloatVector.fromArray(S, s, row * D + j).sub(shifts)).intoArray(to, at + j);
    }

    /** Replaces a row by {@code p (s - shift)}, and writes that to {@code to} as well. */
    static void gradients(float[] s, int row, int n, float shift, float[] p, int pi, float[] to, int at) {
        FloatVector shifts = FloatVector.broadcast(S, shift);
        for (int j = 0; j < n; j += L) {
            FloatVector d =
                    FloatVector.fromArray(S, s, row * D + j).sub(shifts).mul(FloatVector.fromArray(S, p, pi + j));
            d.intoArray(s, row * D + j);
            d.intoArray(to, at + j);
        }
    }

    /** Returns 2^x of something that is not positive. */
    private static FloatVector power(FloatVector x) {
        x = x.blend(LOWEST, x.compare(VectorOperators.LT, LOWEST));
        FloatVector shifted = x.add(ROUNDER);
        FloatVector r = x.sub(shifted.sub(ROUNDER));
        FloatVector p = P5.fma(r, P4).fma(r, P3).fma(r, P2).fma(r, P1).fma(r, ONE);
        return p.mul(shifted.reinterpretAsInts()
                .lanewise(VectorOperators.LSHL, 23)
                .add(Float.floatToRawIntBits(1))
                .reinterpretAsFloats());
    }

    /** Returns what a lane of a vector would get, bit for bit. */
    private static float power(float x) {
        if (x < -126) x = -126;
        float shifted = x + 0x1.8p23f;
        float r = x - (shifted - 0x1.8p23f);
        float p = Math.fma(Math.fma(0.0013264727f, r, 0.009671513f), r, 0.055507336f);
        p = Math.fma(Math.fma(Math.fma(p, r, 0.24022242f), r, 0.693147f), r, 1);
        return p * Float.intBitsToFloat((Float.floatToRawIntBits(shifted) << 23) + Float.floatToRawIntBits(1));
    }

    /** Hides the columns from {@code from} up to the next multiple of two vectors, and returns that. */
    static int fill(float[] s, int row, int from) {
        int to = Blocks.divideUp(from, Blocks.WIDTH) * Blocks.WIDTH;
        Arrays.fill(s, row * D + from, row * D + to, HeadMask.HIDDEN);
        return to;
    }
}
