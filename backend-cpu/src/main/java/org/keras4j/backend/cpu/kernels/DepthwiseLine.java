package org.keras4j.backend.cpu.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Filters lines of pixels channel by channel, vectorised over channels; six neighbouring pixels share each load of the
 * kernel. Every result is one chain of fused multiply-adds in the order of the taps, whichever loop computes it.
 */
final class DepthwiseLine {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();
    private static final int PIXELS = 6;
    /** Ints that are known of each tap: three of its own, and two of a tap that an edge leaves over. */
    private static final int INTS = 5;

    private final int channels;
    private final int step;
    private final int length;
    /** Most taps of a line. */
    private final int room;

    private float[] x = TiledProduct.NONE;
    private float[] kernel = TiledProduct.NONE;
    private float[] bias = TiledProduct.NONE;
    private int bo;
    private float[] y = TiledProduct.NONE;

    /**
     * @param step pixels of x from one window to the next
     * @param length pixels of a line of x
     * @param taps most taps that there are
     */
    DepthwiseLine(int channels, int step, int length, int taps) {
        this.channels = channels;
        this.step = step;
        this.length = length;
        room = taps;
    }

    /** Says what the lines are read from and written to; an empty bias adds nothing. */
    void bind(float[] x, float[] kernel, float[] bias, int bo, float[] y) {
        this.x = x;
        this.kernel = kernel;
        this.bias = bias;
        this.bo = bo;
        this.y = y;
    }

    /** Returns memory for the taps of a line; each thread has one. */
    int[] taps() {
        return Scratch.ofThread().ints(INTS * room);
    }

    /**
     * Sets tap {@code t} of a line.
     *
     * @param line place in x of the line that it reads
     * @param pixel pixel of that line that the first window reads, perhaps outside
     * @param weight place of its weights
     */
    void set(int[] taps, int t, int line, int pixel, int weight) {
        taps[t] = line + pixel * channels;
        taps[room + t] = weight;
        taps[2 * room + t] = pixel;
    }

    /** Computes {@code pixels} results from the first {@code count} taps, one at each {@code distance} from {@code at}. */
    void run(int[] taps, int count, int pixels, int at, int distance) {
        int first = 0;
        int end = pixels;
        for (int t = 0; t < count; t++) {
            int pixel = taps[2 * room + t];
            if (pixel < 0) first = Math.max(first, Blocks.divideUp(-pixel, step));
            end = Math.min(end, length > pixel ? (length - 1 - pixel) / step + 1 : 0);
        }
        boolean threes = isInThrees(taps, count);
        int ahead = step * channels;
        for (int w = 0; w < pixels; ) {
            if (w >= first && w < end && end - first >= PIXELS) {
                w = Math.min(w, end - PIXELS); // the last six may overlap those before: the same bits again
                int to = at + w * distance;
                int done = threes
                        ? sixByThrees(taps, count, w * ahead, to, distance)
                        : six(taps, count, w * ahead, to, distance);
                for (int p = 0; done < channels && p < PIXELS; p++)
                    one(taps, 0, count, (w + p) * ahead, to + p * distance, done);
                w += PIXELS;
            } else {
                if (w >= first && w < end) one(taps, 0, count, w * ahead, at + w * distance, 0);
                else one(taps, 3 * room, inside(taps, count, w), w * ahead, at + w * distance, 0);
                w++;
            }
        }
    }

    /** Says whether the taps come in threes side by side, and the windows too. */
    private boolean isInThrees(int[] taps, int count) {
        if (step != 1 || count % 3 != 0) return false;
        for (int t = 0; t < count; t++) {
            if (t % 3 == 0) continue;
            if (taps[t] != taps[t - 1] + channels || taps[room + t] != taps[room + t - 1] + channels) return false;
        }
        return true;
    }

    /** Copies the taps that lie inside for window {@code w} behind the others; returns how many. */
    private int inside(int[] taps, int count, int w) {
        int n = 0;
        for (int t = 0; t < count; t++) {
            int pixel = taps[2 * room + t] + w * step;
            if (pixel < 0 || pixel >= length) continue;
            taps[3 * room + n] = taps[t];
            taps[4 * room + n++] = taps[room + t];
        }
        return n;
    }

    private FloatVector start(int j) {
        return bias.length == 0 ? FloatVector.zero(S) : FloatVector.fromArray(S, bias, bo + j);
    }

    /** Computes whole vectors of six pixels; returns how many channels. */
    private int six(int[] taps, int count, int from, int at, int distance) {
        int step = this.step * channels;
        float[] x = this.x;
        float[] kernel = this.kernel;
        int j = 0;
        for (; j <= channels - L; j += L) {
            FloatVector a = start(j), b = a, d = a, e = a, f = a, g = a;
            for (int t = 0; t < count; t++) {
                FloatVector weight = FloatVector.fromArray(S, kernel, taps[room + t] + j);
                int i = from + taps[t] + j;
                a = FloatVector.fromArray(S, x, i).fma(weight, a);
                b = FloatVector.fromArray(S, x, i + step).fma(weight, b);
                d = FloatVector.fromArray(S, x, i + 2 * step).fma(weight, d);
                e = FloatVector.fromArray(S, x, i + 3 * step).fma(weight, e);
                f = FloatVector.fromArray(S, x, i + 4 * step).fma(weight, f);
                g = FloatVector.fromArray(S, x, i + 5 * step).fma(weight, g);
            }
            write(a, b, d, e, f, g, at + j, distance);
        }
        return j;
    }

    /** As {@link #six} where the taps are in threes: each pixel is loaded once for the three that read it. */
    private int sixByThrees(int[] taps, int count, int from, int at, int distance) {
        int step = channels;
        float[] x = this.x;
        float[] kernel = this.kernel;
        int j = 0;
        for (; j <= channels - L; j += L) {
            FloatVector a = start(j), b = a, d = a, e = a, f = a, g = a;
            for (int t = 0; t < count; t += 3) {
                int k = taps[room + t] + j;
                FloatVector u = FloatVector.fromArray(S, kernel, k);
                FloatVector v = FloatVector.fromArray(S, kernel, k + step);
                FloatVector w = FloatVector.fromArray(S, kernel, k + 2 * step);
                int i = from + taps[t] + j;
                a = FloatVector.fromArray(S, x, i).fma(u, a);
                FloatVector p = FloatVector.fromArray(S, x, i + step);
                a = p.fma(v, a);
                b = p.fma(u, b);
                p = FloatVector.fromArray(S, x, i + 2 * step);
                a = p.fma(w, a);
                b = p.fma(v, b);
                d = p.fma(u, d);
                p = FloatVector.fromArray(S, x, i + 3 * step);
                b = p.fma(w, b);
                d = p.fma(v, d);
                e = p.fma(u, e);
                p = FloatVector.fromArray(S, x, i + 4 * step);
                d = p.fma(w, d);
                e = p.fma(v, e);
                f = p.fma(u, f);
                p = FloatVector.fromArray(S, x, i + 5 * step);
                e = p.fma(w, e);
                f = p.fma(v, f);
                g = p.fma(u, g);
                p = FloatVector.fromArray(S, x, i + 6 * step);
                f = p.fma(w, f);
                g = p.fma(v, g);
                g = FloatVector.fromArray(S, x, i + 7 * step).fma(w, g);
            }
            write(a, b, d, e, f, g, at + j, distance);
        }
        return j;
    }

    private void write(
            FloatVector a,
            FloatVector b,
            FloatVector d,
            FloatVector e,
            FloatVector f,
            FloatVector g,
            int at,
            int distance) {
        a.intoArray(y, at);
        b.intoArray(y, at + distance);
        d.intoArray(y, at + 2 * distance);
        e.intoArray(y, at + 3 * distance);
        f.intoArray(y, at + 4 * distance);
        g.intoArray(y, at + 5 * distance);
    }

    /** Computes the channels from {@code j} on of one pixel, from {@code count} taps at {@code list}. */
    private void one(int[] taps, int list, int count, int from, int at, int j) {
        float[] x = this.x;
        float[] kernel = this.kernel;
        int weights = list + room;
        for (; j <= channels - L; j += L) {
            FloatVector a = start(j);
            for (int t = 0; t < count; t++) {
                FloatVector weight = FloatVector.fromArray(S, kernel, taps[weights + t] + j);
                a = FloatVector.fromArray(S, x, from + taps[list + t] + j).fma(weight, a);
            }
            a.intoArray(y, at + j);
        }
        if (j == channels) return;
        VectorMask<Float> rest = S.indexInRange(j, channels);
        FloatVector a = bias.length == 0 ? FloatVector.zero(S) : FloatVector.fromArray(S, bias, bo + j, rest);
        for (int t = 0; t < count; t++) {
            FloatVector weight = FloatVector.fromArray(S, kernel, taps[weights + t] + j, rest);
            a = FloatVector.fromArray(S, x, from + taps[list + t] + j, rest).fma(weight, a);
        }
        a.intoArray(y, at + j, rest);
    }
}
