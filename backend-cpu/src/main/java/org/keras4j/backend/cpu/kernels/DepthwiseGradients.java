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
    private final RowWork strides;
    private final int lines;
    private final int chunks;
    private final float[] partial;
    private final Work chunkWork = (index, scratch) -> chunk(index);
    private float[] a = TiledProduct.NONE;
    private int ao;
    private float[] b = TiledProduct.NONE;
    private int bo;
    private float[] to = TiledProduct.NONE;
    private int at;

    /** Prepares both gradients; run them from one thread at a time. */
    public DepthwiseGradients(WorkPool pool, ConvShape shape) {
        this.pool = pool;
        this.shape = shape;
        strided = shape.strides()[0] != 1 || shape.strides()[1] != 1 || shape.strides()[2] != 1;
        mirrored = new Depthwise(pool, Depthwise.mirrored(shape), Activation.NONE);
        int[] in = shape.in();
        strides = new RowWork(pool, shape.batch() * in[0] * in[1], in[2] * shape.channels() * shape.taps(), this::line);
        lines = shape.batch() * shape.out()[0] * shape.out()[1];
        chunks = Math.clamp(lines / 4, 1, MAX_CHUNKS);
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
        bind(dy, yo, kernel, ko, dx, xo);
        strides.run();
    }

    /** Computes the gradient of the kernel. */
    public void kernel(float[] x, int xo, float[] dy, int yo, float[] dw, int wo) {
        bind(x, xo, dy, yo, dw, wo);
        pool.run(chunks, chunkWork);
        int size = shape.taps() * shape.channels();
        System.arraycopy(partial, 0, dw, wo, size);
        for (int i = 1; i < chunks; i++) FloatLoops.add(dw, wo, partial, i * size, dw, wo, size);
    }

    private void bind(float[] a, int ao, float[] b, int bo, float[] to, int at) {
        this.a = a;
        this.ao = ao;
        this.b = b;
        this.bo = bo;
        this.to = to;
        this.at = at;
    }

    /** Computes one line of dx by gathering, for each pixel, the pixels of dy that its windows made. */
    private void line(int line) {
        int[] in = shape.in();
        int[] out = shape.out();
        int[] k = shape.kernel();
        int c = shape.channels();
        int h = line % in[1];
        int d = line / in[1] % in[0];
        int image = line / in[1] / in[0] * out[0];
        for (int w = 0; w < in[2]; w++) {
            int place = at + (line * in[2] + w) * c;
            Arrays.fill(to, place, place + c, 0);
            for (int t = 0; t < shape.taps(); t++) {
                int qd = source(0, d, t / k[2] / k[1]);
                int qh = source(1, h, t / k[2] % k[1]);
                int qw = source(2, w, t % k[2]);
                if (qd < 0 || qh < 0 || qw < 0) continue;
                int from = ao + (((image + qd) * out[1] + qh) * out[2] + qw) * c;
                multiplyAdd(a, from, b, bo + t * c, to, place, c);
            }
        }
    }

    /** Returns the pixel of dy along an axis that reads pixel {@code p} of x with this tap, or -1. */
    private int source(int axis, int p, int tap) {
        int distance = p + shape.low()[axis] - tap * shape.dilations()[axis];
        int stride = shape.strides()[axis];
        if (distance < 0 || distance % stride != 0) return -1;
        return distance / stride < shape.out()[axis] ? distance / stride : -1;
    }

    private static void multiplyAdd(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
        for (int i = 0; i < n; i++) y[yo + i] += a[ao + i] * b[bo + i];
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
            for (int t = 0; t < shape.taps(); t++) {
                int id = d + t / k[2] / k[1] * shape.dilations()[0];
                int ih = h + t / k[2] % k[1] * shape.dilations()[1];
                if (id < 0 || ih < 0 || id >= in[0] || ih >= in[1]) continue;
                int shift = t % k[2] * shape.dilations()[2] - shape.low()[2];
                int step = shape.strides()[2];
                int first = shift >= 0 ? 0 : Blocks.divideUp(-shift, step);
                int last = Math.min(out[2] - 1, in[2] - 1 - shift < 0 ? -1 : (in[2] - 1 - shift) / step);
                if (last < first) continue;
                int from = ao + (((image + id) * in[1] + ih) * in[2] + first * step + shift) * c;
                dots(from, step * c, bo + (line * out[2] + first) * c, last - first + 1, base + t * c);
            }
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
