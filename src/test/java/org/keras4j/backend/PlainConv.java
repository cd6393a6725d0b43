package org.keras4j.backend;

import org.keras4j.NDArray;
import org.keras4j.op.Window;

/** A convolution and its gradients as sums over seven nested loops, padded with axes of size 1 to three. */
final class PlainConv {
    final NDArray y;
    final NDArray dx;
    final NDArray dw;

    PlainConv(Window window, NDArray x, NDArray w, NDArray dy) {
        int rank = window.rank();
        int[] in = spatial(x.shape().slice(1, rank + 1).dims());
        int[] taps = spatial(w.shape().slice(0, rank).dims());
        int[] out = spatial(dy.shape().slice(1, rank + 1).dims());
        var sumY = new double[dy.size()];
        var sumX = new double[x.size()];
        var sumW = new double[w.size()];
        int perGroup = w.shape().dim(rank);
        int channels = x.shape().last();
        int filters = w.shape().last();
        for (int f = 0; f < filters; f++)
            for (int c = 0; c < perGroup; c++)
                for (int t = 0; t < taps[0] * taps[1] * taps[2]; t++)
                    for (int o = 0; o < out[0] * out[1] * out[2]; o++) {
                        int i = place(window, in, taps, out, t, o);
                        if (i < 0) continue;
                        int channel = f / (filters / window.groups()) * perGroup + c;
                        for (int n = 0; n < x.shape().dim(0); n++) {
                            int atX = (n * in[0] * in[1] * in[2] + i) * channels + channel;
                            int atW = (t * perGroup + c) * filters + f;
                            int atY = (n * out[0] * out[1] * out[2] + o) * filters + f;
                            sumY[atY] += x.get(atX) * w.get(atW);
                            sumX[atX] += dy.get(atY) * w.get(atW);
                            sumW[atW] += dy.get(atY) * x.get(atX);
                        }
                    }
        y = stored(dy, sumY);
        dx = stored(x, sumX);
        dw = stored(w, sumW);
    }

    /** Returns three sizes, with ones before those of fewer axes. */
    static int[] spatial(int[] dims) {
        var three = new int[] {1, 1, 1};
        System.arraycopy(dims, 0, three, 3 - dims.length, dims.length);
        return three;
    }

    /** Returns which input element tap {@code t} of window {@code o} sees, or -1. */
    static int place(Window window, int[] in, int[] taps, int[] out, int t, int o) {
        int[] tap = {t / taps[2] / taps[1], t / taps[2] % taps[1], t % taps[2]};
        int[] at = {o / out[2] / out[1], o / out[2] % out[1], o % out[2]};
        int place = 0;
        for (int i = 0; i < 3; i++) {
            int axis = i - (3 - window.rank());
            int here = axis < 0
                    ? 0
                    : at[i] * window.strides().get(axis)
                            + tap[i] * window.dilations().get(axis)
                            - window.low().get(axis);
            if (here < 0 || here >= in[i]) return -1;
            place = place * in[i] + here;
        }
        return place;
    }

    private static NDArray stored(NDArray like, double[] sums) {
        NDArray array = NDArray.zeros(like.dtype(), like.shape());
        for (int i = 0; i < sums.length; i++) array.set(i, sums[i]);
        return array;
    }
}
