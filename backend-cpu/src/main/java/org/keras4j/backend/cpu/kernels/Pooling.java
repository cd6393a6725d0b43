package org.keras4j.backend.cpu.kernels;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Takes the greatest or the sum of windows of {@code x[batch, depth, height, width, channels]}, with gradients. */
public final class Pooling {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Integer> I = IntVector.SPECIES_PREFERRED;
    private static final int L = S.length();

    private final ConvShape shape;
    private final boolean max;
    /** Whether each pixel of x lies in just one window, so that nothing is added up. */
    private final boolean disjoint;

    private final RowWork forward;
    private final RowWork backward;
    private float[] x = TiledProduct.NONE;
    private int xo;
    private float[] y = TiledProduct.NONE;
    private int yo;
    private float[] dx = TiledProduct.NONE;
    private int dxo;

    /** Prepares windows of the shape's kernel size; run it from one thread at a time. */
    public Pooling(WorkPool pool, ConvShape shape, boolean max) {
        this.shape = shape;
        this.max = max;
        disjoint = max && isDisjoint(shape);
        int[] out = shape.out();
        int lines = shape.batch() * out[0] * out[1];
        forward = new RowWork(pool, lines, out[2] * shape.channels() * shape.taps(), this::line);
        int block = shape.channels() > 4 * L ? Blocks.divideUp(shape.channels(), 4 * L) : 1;
        int image = shape.outPixels() / Math.max(1, shape.batch()) * shape.channels() * shape.taps() / block;
        backward = new RowWork(pool, shape.batch() * block, image, this::image);
    }

    private static boolean isDisjoint(ConvShape shape) {
        for (int i = 0; i < 3; i++) {
            int size = shape.kernel()[i];
            if (shape.strides()[i] != size || shape.low()[i] != 0 || shape.dilations()[i] != 1) return false;
            if (shape.out()[i] * size != shape.in()[i]) return false;
        }
        return true;
    }

    /** Computes y. */
    public void run(float[] x, int xo, float[] y, int yo) {
        bind(x, xo, y, yo, TiledProduct.NONE, 0);
        forward.run();
    }

    /** Computes dx from x (read by the maximum only) and dy. */
    public void gradient(float[] x, int xo, float[] dy, int yo, float[] dx, int dxo) {
        bind(x, xo, dy, yo, dx, dxo);
        backward.run();
    }

    private void bind(float[] x, int xo, float[] y, int yo, float[] dx, int dxo) {
        this.x = x;
        this.xo = xo;
        this.y = y;
        this.yo = yo;
        this.dx = dx;
        this.dxo = dxo;
    }

    /**
     * Writes the places of the window's pixels that lie inside to {@code taps}, in pixels from the image; returns how
     * many.
     */
    private int window(int d, int h, int w, int[] taps) {
        int[] in = shape.in();
        int count = 0;
        for (int kd = 0; kd < shape.kernel()[0]; kd++) {
            int id = source(0, d, kd);
            if (id < 0 || id >= in[0]) continue;
            for (int kh = 0; kh < shape.kernel()[1]; kh++) {
                int ih = source(1, h, kh);
                if (ih < 0 || ih >= in[1]) continue;
                for (int kw = 0; kw < shape.kernel()[2]; kw++) {
                    int iw = source(2, w, kw);
                    if (iw >= 0 && iw < in[2]) taps[count++] = (id * in[1] + ih) * in[2] + iw;
                }
            }
        }
        return count;
    }

    private int source(int axis, int q, int tap) {
        return q * shape.strides()[axis] + tap * shape.dilations()[axis] - shape.low()[axis];
    }

    private void line(int line) {
        int[] out = shape.out();
        int c = shape.channels();
        int h = line % out[1];
        int d = line / out[1] % out[0];
        int image = xo + line / out[1] / out[0] * shape.in()[0] * shape.in()[1] * shape.in()[2] * c;
        int[] taps = Scratch.ofThread().ints(shape.taps());
        for (int w = 0; w < out[2]; w++) {
            int at = yo + (line * out[2] + w) * c;
            int count = window(d, h, w, taps);
            if (count == 0) {
                Arrays.fill(y, at, at + c, max ? Float.NEGATIVE_INFINITY : 0);
                continue;
            }
            if (max) greatest(x, image, c, taps, count, y, at);
            else sum(x, image, c, taps, count, y, at);
        }
    }

    private static void greatest(float[] x, int image, int c, int[] taps, int count, float[] y, int at) {
        int j = 0;
        for (; j <= c - L; j += L) {
            FloatVector best = FloatVector.fromArray(S, x, image + taps[0] * c + j);
            for (int t = 1; t < count; t++) best = best.max(FloatVector.fromArray(S, x, image + taps[t] * c + j));
            best.intoArray(y, at + j);
        }
        for (; j < c; j++) {
            float best = x[image + taps[0] * c + j];
            for (int t = 1; t < count; t++) best = Math.max(best, x[image + taps[t] * c + j]);
            y[at + j] = best;
        }
    }

    private static void sum(float[] x, int image, int c, int[] taps, int count, float[] y, int at) {
        int j = 0;
        for (; j <= c - L; j += L) {
            FloatVector sum = FloatVector.fromArray(S, x, image + taps[0] * c + j);
            for (int t = 1; t < count; t++) sum = sum.add(FloatVector.fromArray(S, x, image + taps[t] * c + j));
            sum.intoArray(y, at + j);
        }
        for (; j < c; j++) {
            float sum = 0;
            for (int t = 0; t < count; t++) sum += x[image + taps[t] * c + j];
            y[at + j] = sum;
        }
    }

    /** Computes the gradient of one image, or of a block of its channels. */
    private void image(int index) {
        int c = shape.channels();
        int width = c > 4 * L ? 4 * L : c;
        int blocks = Blocks.divideUp(c, width);
        int from = index % blocks * width;
        int to = Math.min(c, from + width);
        int[] out = shape.out();
        int pixels = shape.in()[0] * shape.in()[1] * shape.in()[2];
        int base = index / blocks * pixels * c;
        for (int p = 0; p < pixels && !disjoint; p++)
            Arrays.fill(dx, dxo + base + p * c + from, dxo + base + p * c + to, 0);
        int[] taps = Scratch.ofThread().ints(shape.taps());
        int at = yo + index / blocks * out[0] * out[1] * out[2] * c;
        for (int d = 0; d < out[0]; d++) {
            for (int h = 0; h < out[1]; h++) {
                for (int w = 0; w < out[2]; w++, at += c) {
                    int count = window(d, h, w, taps);
                    if (disjoint) shareWithGreatest(base, taps, count, at, from, to);
                    else if (max) giveToGreatest(base, taps, count, at, from, to);
                    else for (int t = 0; t < count; t++) add(dxo + base + taps[t] * c + from, at + from, to - from);
                }
            }
        }
    }

    private void add(int to, int from, int n) {
        FloatLoops.add(dx, to, y, from, dx, to, n);
    }

    /** Does what {@link #giveToGreatest} does, but writes zeros too where no other window does. */
    private void shareWithGreatest(int base, int[] taps, int count, int at, int from, int to) {
        int c = shape.channels();
        int j = from;
        for (; j <= to - L; j += L) {
            FloatVector best = FloatVector.fromArray(S, x, xo + base + taps[0] * c + j);
            IntVector winner = IntVector.broadcast(I, taps[0]);
            for (int t = 1; t < count; t++) {
                FloatVector v = FloatVector.fromArray(S, x, xo + base + taps[t] * c + j);
                VectorMask<Float> notLess = v.compare(VectorOperators.LE, best).not();
                VectorMask<Float> wins = notLess.and(best.compare(VectorOperators.EQ, best));
                best = best.blend(v, wins);
                winner = winner.blend(taps[t], wins.cast(I));
            }
            FloatVector dy = FloatVector.fromArray(S, y, at + j);
            FloatVector zero = FloatVector.zero(S);
            for (int t = 0; t < count; t++)
                zero.blend(dy, winner.compare(VectorOperators.EQ, taps[t]).cast(S))
                        .intoArray(dx, dxo + base + taps[t] * c + j);
        }
        if (j == to) return;
        for (int t = 0; t < count; t++) {
            int place = dxo + base + taps[t] * c;
            Arrays.fill(dx, place + j, place + to, 0);
        }
        giveToGreatest(base, taps, count, at, j, to);
    }

    /** The first greatest element of the window gets all of dy; NaN counts as the greatest. */
    private void giveToGreatest(int base, int[] taps, int count, int at, int from, int to) {
        int c = shape.channels();
        int j = from;
        for (; j <= to - L && count > 0; j += L) {
            FloatVector best = FloatVector.fromArray(S, x, xo + base + taps[0] * c + j);
            IntVector winner = IntVector.broadcast(I, taps[0]);
            for (int t = 1; t < count; t++) {
                FloatVector v = FloatVector.fromArray(S, x, xo + base + taps[t] * c + j);
                VectorMask<Float> notLess = v.compare(VectorOperators.LE, best).not();
                VectorMask<Float> wins = notLess.and(best.compare(VectorOperators.EQ, best));
                best = best.blend(v, wins);
                winner = winner.blend(taps[t], wins.cast(I));
            }
            FloatVector dy = FloatVector.fromArray(S, y, at + j);
            for (int t = 0; t < count; t++) {
                int place = dxo + base + taps[t] * c + j;
                FloatVector old = FloatVector.fromArray(S, dx, place);
                old.add(dy, winner.compare(VectorOperators.EQ, taps[t]).cast(S)).intoArray(dx, place);
            }
        }
        for (; j < to && count > 0; j++) {
            int winner = taps[0];
            for (int t = 1; t < count; t++) {
                float best = x[xo + base + winner * c + j];
                float v = x[xo + base + taps[t] * c + j];
                if (best == best && !(v <= best)) winner = taps[t];
            }
            dx[dxo + base + winner * c + j] += y[at + j];
        }
    }
}
