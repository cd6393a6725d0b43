package org.keras4j.backend.cpu.kernels;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The transforms of Winograd's minimal filtering F(4 x 4, 3 x 3) (Lavin and Gray, "Fast algorithms for convolutional
 * neural networks", 2016): 16 results of a 3 x 3 kernel from 36 products instead of 144.
 *
 * <p>A polynomial of degree 5 is known by its values at six points. The points here are 0, ±√½, ±√2 and infinity:
 * powers of theirs stay near 1, so that the rounding errors are about those of summing the products one by one, and a
 * fifth of those with the usual points 0, ±1, ±2. A NaN or an infinity in the input makes NaN of the whole 4 x 4 tiles
 * of results that see it, where the sums of products would have made so of those within one pixel of it; the sums of
 * all others are the same. Each method transforms a vector of channels along one axis.
 */
final class Winograd {
    /** Results along an axis of a tile. */
    static final int OUT = 4;
    /** Elements of the input along an axis of a tile, and points. */
    static final int IN = 6;

    static final int POINTS = IN * IN;
    /** With more channels the transformed kernel, four times as large, does not stay in the second-level cache. */
    private static final int MOST_CHANNELS = 128;

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();
    private static final double NEAR_POINT = Math.sqrt(0.5);
    private static final double FAR_POINT = Math.sqrt(2);
    /** One divided by the product of a point's distances to the other points. */
    private static final double AT_NEAR_POINT = -2.0 / 3;

    private static final double AT_FAR_POINT = 1.0 / 6;

    // Constants are vectors already: with the calls that would make them here, a method of two passes over a tile is so
    // large that the compiler stops inlining half-way through the second one, and makes an object of each vector there.
    private static final FloatVector NEAR = all(NEAR_POINT);
    private static final FloatVector NEAR_NEGATIVE = all(-NEAR_POINT);
    private static final FloatVector FAR = all(FAR_POINT);
    private static final FloatVector FAR_NEGATIVE = all(-FAR_POINT);
    private static final FloatVector TWO = all(2);
    private static final FloatVector MINUS_TWO = all(-2);
    private static final FloatVector HALF = all(0.5);
    private static final FloatVector MINUS_HALF = all(-0.5);
    private static final FloatVector SUM_OF_SQUARES = all(-2.5);
    private static final FloatVector NEAR_CUBED = all(0.5 * NEAR_POINT);
    private static final FloatVector FAR_CUBED = all(2 * FAR_POINT);
    private static final FloatVector AT_NEAR = all(AT_NEAR_POINT);
    private static final FloatVector AT_NEAR_TIMES_NEAR = all(AT_NEAR_POINT * NEAR_POINT);
    private static final FloatVector AT_FAR = all(AT_FAR_POINT);
    private static final FloatVector AT_FAR_TIMES_FAR = all(AT_FAR_POINT * FAR_POINT);

    private Winograd() {}

    private static FloatVector all(double value) {
        return FloatVector.broadcast(S, (float) value);
    }

    private static FloatVector at(float[] x, int i) {
        return FloatVector.fromArray(S, x, i);
    }

    /** Takes six elements of x, {@code step} apart, to the six points. */
    static void input(float[] x, int xo, int step, float[] to, int t, int toStep) {
        FloatVector x0 = at(x, xo);
        FloatVector x1 = at(x, xo + step);
        FloatVector x2 = at(x, xo + 2 * step);
        FloatVector x3 = at(x, xo + 3 * step);
        FloatVector x4 = at(x, xo + 4 * step);
        FloatVector x5 = at(x, xo + 5 * step);
        FloatVector even = x2.fma(MINUS_TWO, x4);
        FloatVector odd = x1.fma(MINUS_TWO, x3);
        x2.fma(SUM_OF_SQUARES, x0.add(x4)).intoArray(to, t);
        odd.fma(NEAR, even).intoArray(to, t + toStep);
        odd.fma(NEAR_NEGATIVE, even).intoArray(to, t + 2 * toStep);
        even = x2.fma(MINUS_HALF, x4);
        odd = x1.fma(MINUS_HALF, x3);
        odd.fma(FAR, even).intoArray(to, t + 3 * toStep);
        odd.fma(FAR_NEGATIVE, even).intoArray(to, t + 4 * toStep);
        x3.fma(SUM_OF_SQUARES, x1.add(x5)).intoArray(to, t + 5 * toStep);
    }

    /** Takes three elements of the kernel to the six points. */
    static void kernel(float[] w, int wo, int step, float[] to, int t, int toStep) {
        FloatVector w0 = at(w, wo);
        FloatVector w1 = at(w, wo + step);
        FloatVector w2 = at(w, wo + 2 * step);
        FloatVector even = w2.fma(HALF, w0).mul(AT_NEAR);
        FloatVector odd = w1.mul(AT_NEAR_TIMES_NEAR);
        w0.intoArray(to, t);
        even.add(odd).intoArray(to, t + toStep);
        even.sub(odd).intoArray(to, t + 2 * toStep);
        even = w2.fma(TWO, w0).mul(AT_FAR);
        odd = w1.mul(AT_FAR_TIMES_FAR);
        even.add(odd).intoArray(to, t + 3 * toStep);
        even.sub(odd).intoArray(to, t + 4 * toStep);
        w2.intoArray(to, t + 5 * toStep);
    }

    /** Takes the products at the six points to four results and adds a vector to each. */
    static void output(float[] m, int mo, int step, float[] bias, int bo, float[] to, int t, int toStep) {
        FloatVector near = at(m, mo + step);
        FloatVector nearNegative = at(m, mo + 2 * step);
        FloatVector far = at(m, mo + 3 * step);
        FloatVector farNegative = at(m, mo + 4 * step);
        FloatVector start = at(bias, bo);
        FloatVector nearEven = near.add(nearNegative);
        FloatVector nearOdd = near.sub(nearNegative);
        FloatVector farEven = far.add(farNegative);
        FloatVector farOdd = far.sub(farNegative);
        at(m, mo).add(nearEven).add(farEven).add(start).intoArray(to, t);
        nearOdd.fma(NEAR, farOdd.fma(FAR, start)).intoArray(to, t + toStep);
        nearEven.fma(HALF, farEven.fma(TWO, start)).intoArray(to, t + 2 * toStep);
        nearOdd.fma(NEAR_CUBED, farOdd.fma(FAR_CUBED, at(m, mo + 5 * step)))
                .add(start)
                .intoArray(to, t + 3 * toStep);
    }

    /**
     * Takes four elements of dy to the six points: in the gradient for the kernel, F(3 x 3, 4 x 4), dy is the filter.
     * Its division by the points' distances is left to {@link #kernelGradient}, which comes once for many tiles.
     */
    static void gradient(float[] dy, int yo, int step, float[] to, int t, int toStep) {
        FloatVector y0 = at(dy, yo);
        FloatVector y1 = at(dy, yo + step);
        FloatVector y2 = at(dy, yo + 2 * step);
        FloatVector y3 = at(dy, yo + 3 * step);
        FloatVector even = y2.fma(HALF, y0);
        FloatVector odd = y3.fma(HALF, y1);
        y0.intoArray(to, t);
        odd.fma(NEAR, even).intoArray(to, t + toStep);
        odd.fma(NEAR_NEGATIVE, even).intoArray(to, t + 2 * toStep);
        even = y2.fma(TWO, y0);
        odd = y3.fma(TWO, y1);
        odd.fma(FAR, even).intoArray(to, t + 3 * toStep);
        odd.fma(FAR_NEGATIVE, even).intoArray(to, t + 4 * toStep);
        y3.intoArray(to, t + 5 * toStep);
    }

    /** Takes the products of {@link #input} and {@link #gradient} at the six points to the three taps. */
    static void kernelGradient(float[] m, int mo, int step, float[] to, int t, int toStep) {
        FloatVector near = at(m, mo + step);
        FloatVector nearNegative = at(m, mo + 2 * step);
        FloatVector far = at(m, mo + 3 * step);
        FloatVector farNegative = at(m, mo + 4 * step);
        FloatVector nearEven = near.add(nearNegative).mul(AT_NEAR);
        FloatVector farEven = far.add(farNegative).mul(AT_FAR);
        at(m, mo).add(nearEven).add(farEven).intoArray(to, t);
        near.sub(nearNegative)
                .fma(AT_NEAR_TIMES_NEAR, far.sub(farNegative).mul(AT_FAR_TIMES_FAR))
                .intoArray(to, t + toStep);
        nearEven.fma(HALF, farEven.fma(TWO, at(m, mo + 5 * step))).intoArray(to, t + 2 * toStep);
    }

    /** Says whether a convolution gains: 3 x 3, whole vectors of channels, and tiles that are not mostly edge. */
    static boolean fits(ConvShape shape) {
        boolean threeByThree = Arrays.equals(shape.kernel(), new int[] {1, 3, 3})
                && Arrays.equals(shape.strides(), new int[] {1, 1, 1})
                && Arrays.equals(shape.dilations(), new int[] {1, 1, 1});
        if (!threeByThree || shape.groups() != 1 || shape.in()[0] != 1 || shape.low()[0] != 0) return false;
        if (shape.channels() % L != 0 || shape.outChannels() % L != 0) return false;
        if (Math.max(shape.channels(), shape.outChannels()) > MOST_CHANNELS) return false;
        long lines = Blocks.divideUp(shape.out()[1], OUT);
        long columns = Blocks.divideUp(shape.out()[2], OUT);
        return lines * columns * OUT * OUT <= 1.8 * shape.out()[1] * shape.out()[2];
    }
}
