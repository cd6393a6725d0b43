package org.keras4j.backend.reference;

import org.keras4j.Shape;
import org.keras4j.op.Window;

/**
 * Visits every product of a convolution {@code x[batch, space..., in], kernel[space..., in / groups, out],
 * y[batch, space..., out]}, a run of output channels at a time.
 */
final class ConvLoop {
    /** Takes element {@code x}, and {@code count} elements from {@code kernel} and from {@code y} on. */
    interface Visitor {
        void visit(int x, int kernel, int y, int count);
    }

    private final Window window;
    private final Shape x;
    private final Shape kernel;
    private final Shape y;

    ConvLoop(Window window, Shape x, Shape kernel, Shape y) {
        this.window = window;
        this.x = x;
        this.kernel = kernel;
        this.y = y;
    }

    void run(Visitor visitor) {
        int rank = window.rank();
        int outputs = (int) y.size(1, rank + 1);
        int taps = (int) kernel.size(0, rank);
        int inputs = (int) x.size(1, rank + 1);
        for (int n = 0; n < x.dim(0); n++)
            for (int o = 0; o < outputs; o++)
                for (int t = 0; t < taps; t++) {
                    int i = input(o, t);
                    if (i >= 0) channels(visitor, n * inputs + i, t, n * outputs + o);
                }
    }

    /** Returns the input place under tap t of window o, both counted in row-major order, or -1 in the padding. */
    private int input(int o, int t) {
        int at = 0;
        int step = 1;
        for (int axis = window.rank() - 1; axis >= 0; axis--) {
            int place = o % y.dim(axis + 1) * window.strides().get(axis)
                    + t % kernel.dim(axis) * window.dilations().get(axis)
                    - window.low().get(axis);
            if (place < 0 || place >= x.dim(axis + 1)) return -1;
            at += place * step;
            step *= x.dim(axis + 1);
            o /= y.dim(axis + 1);
            t /= kernel.dim(axis);
        }
        return at;
    }

    private void channels(Visitor visitor, int input, int tap, int output) {
        int in = x.last();
        int inPerGroup = in / window.groups();
        int out = y.last();
        int outPerGroup = out / window.groups();
        for (int c = 0; c < in; c++) {
            int group = c / inPerGroup;
            int kernelAt = (tap * inPerGroup + c % inPerGroup) * out + group * outPerGroup;
            visitor.visit(input * in + c, kernelAt, output * out + group * outPerGroup, outPerGroup);
        }
    }
}
