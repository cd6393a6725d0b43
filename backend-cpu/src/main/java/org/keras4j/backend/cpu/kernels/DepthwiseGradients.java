package org.keras4j.backend.cpu.kernels;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Computes the gradients of {@link Depthwise}. */
public final class DepthwiseGradients {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();
    private static final int MAX_CHUNKS = 16;

    private final WorkPool pool;
    private final ConvShape shape;
    private final Depthwise mirrored;
    private final boolean strided;
    /** Lines of dx, a stride apart, from lines of dy. */
    private final DepthwiseLine inverse;

    private final RowWork strides;
    private final int lines;
    private final int chunks;
    private final float[] partial;
    private final boolean threeByThree;
    /** First pixel of a line of dy from which all taps of a line are inside x, and how many such pixels follow. */
    private final int firstInner;

    private final int innerPixels;
    private final Work chunkWork = (index, scratch) -> chunk(index);
    private float[] a = TiledProduct.NONE;
    private int ao;
    private float[] b = TiledProduct.NONE;
    private int bo;
    /** Where dx begins. */
    private int dxAt;

    /** Prepares both gradients; run them from one thread at a time. */
    public DepthwiseGradients(WorkPool pool, ConvShape shape) {
        this.pool = pool;
        this.shape = shape;
        strided = shape.strides()[0] != 1 || shape.strides()[1] != 1 || shape.strides()[2] != 1;
        mirrored = new Depthwise(pool, Depthwise.mirrored(shape), Activation.NONE);
        int[] in = shape.in();
        strides = new RowWork(pool, shape.batch() * in[0] * in[1], in[2] * shape.channels() * shape.taps(), this::line);
        inverse = new DepthwiseLine(shape.channels(), 1, shape.out()[2], shape.taps());
        lines = shape.batch() * shape.out()[0] * shape.out()[1];
        chunks = Math.clamp(lines / 4, 1, MAX_CHUNKS);
        int[] k = shape.kernel();
        threeByThree = k[0] == 1 && k[1] == 3 && k[2] == 3;
        int step = shape.strides()[2];
        firstInner = Math.max(0, Blocks.divideUp(shape.low()[2], step));
        int left = in[2] + shape.low()[2] - (k[2] - 1) * shape.dilations()[2];
        int end = left <= 0 ? 0 : Math.min(shape.out()[2], Blocks.divideUp(left, step));
        innerPixels = k[2] >= 3 && shape.channels() % L == 0 ? Math.max(0, end - firstInner) : 0;
        partial = new float[chunks * shape.taps() * shape.channels()];
    }

    /** Computes dx. */
    public void input(float[] dy, int yo, float[] kernel, int ko, float[] dx, int xo) {
        if (!strided) {
            float[] flipped = Depthwise.room(shape);
            Depthwise.flip(shape, kernel, ko, flipped);
            mirrored.run(dy, yo, flipped, 0, TiledProduct.NONE, 0, dx, xo);
            return;
        }
        bind(dy, yo, kernel, ko);
        dxAt = xo;
        inverse.bind(dy, kernel, TiledProduct.NONE, 0, dx);
        strides.run();
    }

    /** Computes the gradient of the kernel. */
    public void kernel(float[] x, int xo, float[] dy, int yo, float[] dw, int wo) {
        bind(x, xo, dy, yo);
        pool.run(chunks, chunkWork);
        int size = shape.taps() * shape.channels();
        System.arraycopy(partial, 0, dw, wo, size);
        for (int i = 1; i < chunks; i++) FloatLoops.add(dw, wo, partial, i * size, dw, wo, size);
    }

    private void bind(float[] a, int ao, float[] b, int bo) {
        this.a = a;
        this.ao = ao;
        this.b = b;
        this.bo = bo;
    }

    /**
     * Computes one line of dx. Pixels a stride apart are reached by the same taps, from neighbouring pixels of dy: a
     * convolution without a stride.
     */
    private void line(int row) {
        int[] in = shape.in();
        int[] out = shape.out();
        int[] k = shape.kernel();
        int c = shape.channels();
        int stride = shape.strides()[2];
        int h = row % in[1];
        int d = row / in[1] % in[0];
        int image = row / in[1] / in[0] * out[0];
        int[] taps = inverse.taps();
        for (int w = 0; w < Math.min(stride, in[2]); w++) {
            int count = 0;
            for (int t = 0; t < shape.taps(); t++) {
                int qd = source(0, d, t / k[2] / k[1]);
                int qh = source(1, h, t / k[2] % k[1]);
                int reach = w + shape.low()[2] - t % k[2] * shape.dilations()[2];
                if (qd < 0 || qh < 0 || Math.floorMod(reach, stride) != 0) continue;
                int from = ao + ((image + qd) * out[1] + qh) * out[2] * c;
                inverse.set(taps, count++, from, Math.floorDiv(reach, stride), bo + t * c);
            }
            inverse.run(taps, count, Blocks.divideUp(in[2] - w, stride), dxAt + (row * in[2] + w) * c, stride * c);
        }
    }

    /** Returns the pixel of dy along an axis that reads pixel {@code p} of x with this tap, or -1. */
    private int source(int axis, int p, int tap) {
        int distance = p + shape.low()[axis] - tap * shape.dilations()[axis];
        int stride = shape.strides()[axis];
        if (distance < 0 || distance % stride != 0) return -1;
        return distance / stride < shape.out()[axis] ? distance / stride : -1;
    }

    private void chunk(int index) {
        int[] out = shape.out();
        int[] in = shape.in();
        int[] k = shape.kernel();
        int c = shape.channels();
        int base = index * shape.taps() * c;
        Arrays.fill(partial, base, base + shape.taps() * c, 0);
        int end = (int) ((long) lines * (index + 1) / chunks);
        for (int line = (int) ((long) lines * index / chunks); line < end; line++) {
            int h = line % out[1] * shape.strides()[1] - shape.low()[1];
            int d = line / out[1] % out[0] * shape.strides()[0] - shape.low()[0];
            int image = line / out[1] / out[0] * in[0];
            int other = bo + line * out[2] * c;
            int inner = other + firstInner * c;
            int start = firstInner * shape.strides()[2] - shape.low()[2];
            boolean nine = threeByThree && innerPixels > 0 && d >= 0 && h >= 0;
            nine &= d < in[0] && h + 2 * shape.dilations()[1] < in[1];
            if (nine) nine(ao + (((image + d) * in[1] + h) * in[2] + start) * c, inner, innerPixels, base);
            for (int t = 0; t < shape.taps(); t++) {
                int id = d + t / k[2] / k[1] * shape.dilations()[0];
                int ih = h + t / k[2] % k[1] * shape.dilations()[1];
                if (id < 0 || ih < 0 || id >= in[0] || ih >= in[1]) continue;
                int from = ao + ((image + id) * in[1] + ih) * in[2] * c;
                int tap = t % k[2];
                int shift = tap * shape.dilations()[2];
                int sum = base + t * c;
                boolean inThrees = innerPixels > 0 && tap < k[2] / 3 * 3;
                if (inThrees && tap % 3 == 0 && !nine) three(from + (start + shift) * c, inner, innerPixels, sum);
                pixels(from, shift - shape.low()[2], other, 0, inThrees ? firstInner : out[2], sum);
                if (inThrees) pixels(from, shift - shape.low()[2], other, firstInner + innerPixels, out[2], sum);
            }
        }
    }

    /** Adds the products of one tap of pixels {@code first .. end} of a line of dy, those of them that it reaches. */
    private void pixels(int from, int shift, int other, int first, int end, int sum) {
        int c = shape.channels();
        int step = shape.strides()[2];
        int left = shape.in()[2] - shift;
        if (shift < 0) first = Math.max(first, Blocks.divideUp(-shift, step));
        end = Math.min(end, left <= 0 ? 0 : Blocks.divideUp(left, step));
        if (first < end) dots(from + (first * step + shift) * c, step * c, other + first * c, end - first, sum);
    }

    /** Adds the products of three taps side by side of {@code n} pixels of dy, whose windows lie inside. */
    private void three(int from, int other, int n, int sum) {
        int c = shape.channels();
        int step = shape.strides()[2] * c;
        int tap = shape.dilations()[2] * c;
        float[] x = this.a;
        float[] dy = this.b;
        for (int j = 0; j <= c - L; j += L) {
            FloatVector a = FloatVector.fromArray(S, partial, sum + j);
            FloatVector b = FloatVector.fromArray(S, partial, sum + j + c);
            FloatVector d = FloatVector.fromArray(S, partial, sum + j + 2 * c);
            FloatVector e = FloatVector.zero(S), f = e, g = e; // of every second pixel, for shorter chains
            int p = from + j;
            int o = other + j;
            int i = 0;
            for (; i <= n - 2; i += 2, p += 2 * step, o += 2 * c) {
                FloatVector v = FloatVector.fromArray(S, dy, o);
                a = FloatVector.fromArray(S, x, p).fma(v, a);
                b = FloatVector.fromArray(S, x, p + tap).fma(v, b);
                d = FloatVector.fromArray(S, x, p + 2 * tap).fma(v, d);
                v = FloatVector.fromArray(S, dy, o + c);
                e = FloatVector.fromArray(S, x, p + step).fma(v, e);
                f = FloatVector.fromArray(S, x, p + step + tap).fma(v, f);
                g = FloatVector.fromArray(S, x, p + step + 2 * tap).fma(v, g);
            }
            if (i < n) {
                FloatVector v = FloatVector.fromArray(S, dy, o);
                a = FloatVector.fromArray(S, x, p).fma(v, a);
                b = FloatVector.fromArray(S, x, p + tap).fma(v, b);
                d = FloatVector.fromArray(S, x, p + 2 * tap).fma(v, d);
            }
            a.add(e).intoArray(partial, sum + j);
            b.add(f).intoArray(partial, sum + j + c);
            d.add(g).intoArray(partial, sum + j + 2 * c);
        }
    }

    /** Adds the products of all nine taps of {@code n} pixels of dy, whose windows lie inside. */
    private void nine(int from, int other, int n, int sum) {
        int c = shape.channels();
        int step = shape.strides()[2] * c;
        int tap = shape.dilations()[2] * c;
        int row = shape.dilations()[1] * shape.in()[2] * c;
        float[] x = this.a;
        float[] dy = this.b;
        for (int j = 0; j <= c - L; j += L) {
            FloatVector a = FloatVector.fromArray(S, partial, sum + j);
            FloatVector b = FloatVector.fromArray(S, partial, sum + j + c);
            FloatVector d = FloatVector.fromArray(S, partial, sum + j + 2 * c);
            FloatVector e = FloatVector.fromArray(S, partial, sum + j + 3 * c);
            FloatVector f = FloatVector.fromArray(S, partial, sum + j + 4 * c);
            FloatVector g = FloatVector.fromArray(S, partial, sum + j + 5 * c);
            FloatVector h = FloatVector.fromArray(S, partial, sum + j + 6 * c);
            FloatVector k = FloatVector.fromArray(S, partial, sum + j + 7 * c);
            FloatVector l = FloatVector.fromArray(S, partial, sum + j + 8 * c);
            int p = from + j;
            int q = p + row;
            int r = q + row;
            int o = other + j;
            for (int i = 0; i < n; i++) {
                FloatVector v = FloatVector.fromArray(S, dy, o);
                a = FloatVector.fromArray(S, x, p).fma(v, a);
                b = FloatVector.fromArray(S, x, p + tap).fma(v, b);
                d = FloatVector.fromArray(S, x, p + 2 * tap).fma(v, d);
                e = FloatVector.fromArray(S, x, q).fma(v, e);
                f = FloatVector.fromArray(S, x, q + tap).fma(v, f);
                g = FloatVector.fromArray(S, x, q + 2 * tap).fma(v, g);
                h = FloatVector.fromArray(S, x, r).fma(v, h);
                k = FloatVector.fromArray(S, x, r + tap).fma(v, k);
                l = FloatVector.fromArray(S, x, r + 2 * tap).fma(v, l);
                p += step;
                q += step;
                r += step;
                o += c;
            }
            a.intoArray(partial, sum + j);
            b.intoArray(partial, sum + j + c);
            d.intoArray(partial, sum + j + 2 * c);
            e.intoArray(partial, sum + j + 3 * c);
            f.intoArray(partial, sum + j + 4 * c);
            g.intoArray(partial, sum + j + 5 * c);
            h.intoArray(partial, sum + j + 6 * c);
            k.intoArray(partial, sum + j + 7 * c);
            l.intoArray(partial, sum + j + 8 * c);
        }
    }

    /** Adds {@code sum_i a[i][channel] b[i][channel]} over {@code n} pixels to the partial sums at {@code sum}. */
    private void dots(int from, int step, int other, int n, int sum) {
        int c = shape.channels();
        float[] a = this.a;
        float[] b = this.b;
        int j = 0;
        for (; j <= c - L; j += L) {
            FloatVector s0 = FloatVector.fromArray(S, partial, sum + j);
            FloatVector s1 = FloatVector.zero(S);
            FloatVector s2 = s1;
            FloatVector s3 = s1;
            int p = from + j;
            int q = other + j;
            int i = 0;
            for (; i <= n - 4; i += 4) {
                s0 = FloatVector.fromArray(S, a, p).fma(FloatVector.fromArray(S, b, q), s0);
                s1 = FloatVector.fromArray(S, a, p + step).fma(FloatVector.fromArray(S, b, q + c), s1);
                s2 = FloatVector.fromArray(S, a, p + 2 * step).fma(FloatVector.fromArray(S, b, q + 2 * c), s2);
                s3 = FloatVector.fromArray(S, a, p + 3 * step).fma(FloatVector.fromArray(S, b, q + 3 * c), s3);
                p += 4 * step;
                q += 4 * c;
            }
            for (; i < n; i++, p += step, q += c) {
                s0 = FloatVector.fromArray(S, a, p).fma(FloatVector.fromArray(S, b, q), s0);
            }
            s0.add(s1).add(s2.add(s3)).intoArray(partial, sum + j);
        }
        for (; j < c; j++) {
            float s = partial[sum + j];
            for (int i = 0; i < n; i++) s = Math.fma(a[from + i * step + j], b[other + i * c + j], s);
            partial[sum + j] = s;
        }
    }
}
