package org.keras4j.backend.cpu.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;
import org.keras4j.backend.cpu.kernels.Scratch.Use;

/**
 * Filters each channel of {@code x[batch, depth, height, width, channels]} with its own {@code kernel[taps, channels]},
 * vectorised over channels; six neighbouring pixels share each load of the kernel.
 */
public final class Depthwise {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();
    private static final int PIXELS = 6;

    private final ConvShape shape;
    private final Epilogue epilogue;
    private final RowWork work;
    /** Distance in x of each tap from the window's first element. */
    private final int[] distances;

    private float[] x = TiledProduct.NONE;
    private int xo;
    private float[] kernel = TiledProduct.NONE;
    private int ko;
    private float[] bias = TiledProduct.NONE;
    private int bo;
    private float[] y = TiledProduct.NONE;
    private int yo;

    /** Prepares the forward pass; run it from one thread at a time. */
    public Depthwise(WorkPool pool, ConvShape shape, Epilogue epilogue) {
        this.shape = shape;
        this.epilogue = epilogue;
        int[] out = shape.out();
        work = new RowWork(
                pool, shape.batch() * out[0] * out[1], out[2] * shape.channels() * shape.taps(), new Lines());
        distances = new int[shape.taps()];
        int[] k = shape.kernel();
        int[] in = shape.in();
        for (int t = 0; t < distances.length; t++) {
            int d = t / k[2] / k[1] * shape.dilations()[0];
            int h = t / k[2] % k[1] * shape.dilations()[1];
            distances[t] = ((d * in[1] + h) * in[2] + t % k[2] * shape.dilations()[2]) * shape.channels();
        }
    }

    /** Computes {@code y = activation(bias + x * kernel)}; an empty bias adds nothing. */
    public void run(float[] x, int xo, float[] kernel, int ko, float[] bias, int bo, float[] y, int yo) {
        this.x = x;
        this.xo = xo;
        this.kernel = kernel;
        this.ko = ko;
        this.bias = bias;
        this.bo = bo;
        this.y = y;
        this.yo = yo;
        work.run();
    }

    private final class Lines implements RowWork.Row {
        @Override
        public void begin() {
            epilogue.begin();
        }

        @Override
        public void run(int row) {
            line(row);
        }

        @Override
        public void end() {
            epilogue.end();
        }
    }

    private void line(int line) {
        int[] out = shape.out();
        int[] in = shape.in();
        int c = shape.channels();
        int h = line % out[1] * shape.strides()[1] - shape.low()[1];
        int d = line / out[1] % out[0] * shape.strides()[0] - shape.low()[0];
        int image = line / out[1] / out[0] * in[0];
        int first = xo + ((image + d) * in[1] + h) * in[2] * c;
        int taps = shape.taps();
        int[] places = Scratch.ofThread().ints(2 * taps);
        int step = shape.strides()[2];
        int reach = (shape.kernel()[2] - 1) * shape.dilations()[2];
        int at = yo + line * out[2] * c;
        boolean filled = false;
        int filledCount = 0;
        for (int w = 0; w < out[2]; ) {
            int left = w * step - shape.low()[2];
            boolean whole = left >= 0 && left + reach < in[2];
            int pixels = whole && w + PIXELS <= out[2] && left + (PIXELS - 1) * step + reach < in[2] ? PIXELS : 1;
            if (!whole || !filled) filledCount = places(d, h, left, places);
            filled = whole;
            if (pixels == PIXELS) six(places, filledCount, first + left * c, step * c, at + w * c);
            else one(places, filledCount, first + left * c, at + w * c, 0);
            w += pixels;
        }
        epilogue.apply(y, at, out[2] * c);
    }

    /** Writes the distances of the taps inside x, then the places of their weights; returns how many. */
    private int places(int d, int h, int w, int[] places) {
        int[] k = shape.kernel();
        int taps = shape.taps();
        int count = 0;
        for (int t = 0; t < taps; t++) {
            int id = d + t / k[2] / k[1] * shape.dilations()[0];
            int ih = h + t / k[2] % k[1] * shape.dilations()[1];
            int iw = w + t % k[2] * shape.dilations()[2];
            if (id < 0 || ih < 0 || iw < 0 || id >= shape.in()[0] || ih >= shape.in()[1] || iw >= shape.in()[2])
                continue;
            places[count] = distances[t];
            places[taps + count++] = ko + t * shape.channels();
        }
        return count;
    }

    private void six(int[] places, int count, int from, int step, int at) {
        int c = shape.channels();
        int taps = shape.taps();
        float[] x = this.x;
        float[] kernel = this.kernel;
        int j = 0;
        for (; j <= c - L; j += L) {
            FloatVector a = bias.length == 0 ? FloatVector.zero(S) : FloatVector.fromArray(S, bias, bo + j);
            FloatVector b = a, d = a, e = a, f = a, g = a;
            for (int t = 0; t < count; t++) {
                FloatVector weight = FloatVector.fromArray(S, kernel, places[taps + t] + j);
                int i = from + places[t] + j;
                a = FloatVector.fromArray(S, x, i).fma(weight, a);
                b = FloatVector.fromArray(S, x, i + step).fma(weight, b);
                d = FloatVector.fromArray(S, x, i + 2 * step).fma(weight, d);
                e = FloatVector.fromArray(S, x, i + 3 * step).fma(weight, e);
                f = FloatVector.fromArray(S, x, i + 4 * step).fma(weight, f);
                g = FloatVector.fromArray(S, x, i + 5 * step).fma(weight, g);
            }
            a.intoArray(y, at + j);
            b.intoArray(y, at + c + j);
            d.intoArray(y, at + 2 * c + j);
            e.intoArray(y, at + 3 * c + j);
            f.intoArray(y, at + 4 * c + j);
            g.intoArray(y, at + 5 * c + j);
        }
        if (j == c) return;
        for (int p = 0; p < PIXELS; p++) one(places, count, from + p * step, at + p * c, j);
    }

    /** Computes the channels from {@code j} on of one pixel. */
    private void one(int[] places, int count, int from, int at, int j) {
        int c = shape.channels();
        int taps = shape.taps();
        for (; j <= c - L; j += L) {
            FloatVector a = bias.length == 0 ? FloatVector.zero(S) : FloatVector.fromArray(S, bias, bo + j);
            for (int t = 0; t < count; t++) {
                FloatVector weight = FloatVector.fromArray(S, kernel, places[taps + t] + j);
                a = FloatVector.fromArray(S, x, from + places[t] + j).fma(weight, a);
            }
            a.intoArray(y, at + j);
        }
        if (j == c) return;
        VectorMask<Float> rest = S.indexInRange(j, c);
        FloatVector a = bias.length == 0 ? FloatVector.zero(S) : FloatVector.fromArray(S, bias, bo + j, rest);
        for (int t = 0; t < count; t++) {
            FloatVector weight = FloatVector.fromArray(S, kernel, places[taps + t] + j, rest);
            a = FloatVector.fromArray(S, x, from + places[t] + j, rest).fma(weight, a);
        }
        a.intoArray(y, at + j, rest);
    }

    /** Writes the kernel back to front, the kernel of the input gradient when no stride is involved. */
    static void flip(ConvShape shape, float[] kernel, int ko, float[] to) {
        int c = shape.channels();
        int taps = shape.taps();
        for (int t = 0; t < taps; t++) System.arraycopy(kernel, ko + (taps - 1 - t) * c, to, t * c, c);
    }

    /** Returns the convolution of dy that gives dx where all strides are 1. */
    static ConvShape mirrored(ConvShape shape) {
        var low = new int[3];
        for (int i = 0; i < 3; i++) low[i] = (shape.kernel()[i] - 1) * shape.dilations()[i] - shape.low()[i];
        return new ConvShape(
                shape.batch(),
                shape.out(),
                shape.kernel(),
                shape.in(),
                shape.strides(),
                shape.dilations(),
                low,
                shape.channels(),
                shape.channels(),
                shape.channels());
    }

    /** Returns scratch memory for a flipped kernel. */
    static float[] room(ConvShape shape) {
        return Scratch.ofThread().floats(Use.SHARED, shape.taps() * shape.channels());
    }
}
