package org.keras4j.backend.cpu.kernels;

import org.keras4j.backend.cpu.kernels.Scratch.Use;

/**
 * Filters each channel of {@code x[batch, depth, height, width, channels]} with its own {@code kernel[taps, channels]},
 * line by line.
 */
public final class Depthwise {
    private final ConvShape shape;
    private final Epilogue epilogue;
    private final RowWork work;
    private final DepthwiseLine line;
    private int xo;
    private int ko;
    private float[] y = TiledProduct.NONE;
    private int yo;

    /** Prepares the forward pass; run it from one thread at a time. */
    public Depthwise(WorkPool pool, ConvShape shape, Epilogue epilogue) {
        this.shape = shape;
        this.epilogue = epilogue;
        int[] out = shape.out();
        work = new RowWork(
                pool, shape.batch() * out[0] * out[1], out[2] * shape.channels() * shape.taps(), new Lines());
        line = new DepthwiseLine(shape.channels(), shape.strides()[2], shape.in()[2], shape.taps());
    }

    /** Computes {@code y = activation(bias + x * kernel)}; an empty bias adds nothing. */
    public void run(float[] x, int xo, float[] kernel, int ko, float[] bias, int bo, float[] y, int yo) {
        line.bind(x, kernel, bias, bo, y);
        this.xo = xo;
        this.ko = ko;
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

    private void line(int row) {
        int[] out = shape.out();
        int[] in = shape.in();
        int[] k = shape.kernel();
        int c = shape.channels();
        int h = row % out[1] * shape.strides()[1] - shape.low()[1];
        int d = row / out[1] % out[0] * shape.strides()[0] - shape.low()[0];
        int image = row / out[1] / out[0] * in[0];
        int[] taps = line.taps();
        int count = 0;
        for (int t = 0; t < shape.taps(); t++) {
            int id = d + t / k[2] / k[1] * shape.dilations()[0];
            int ih = h + t / k[2] % k[1] * shape.dilations()[1];
            if (id < 0 || ih < 0 || id >= in[0] || ih >= in[1]) continue;
            int pixel = t % k[2] * shape.dilations()[2] - shape.low()[2];
            line.set(taps, count++, xo + ((image + id) * in[1] + ih) * in[2] * c, pixel, ko + t * c);
        }
        int at = yo + row * out[2] * c;
        line.run(taps, count, out[2], at, c);
        epilogue.apply(y, at, out[2] * c);
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
