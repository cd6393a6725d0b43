package org.keras4j.backend.device;

import org.keras4j.Shape;
import org.keras4j.op.Ints;
import org.keras4j.op.Window;

/**
 * The sizes of a convolution of {@code x[batch, in..., channels]} with {@code kernel[taps..., channels / groups,
 * filters]} that gives {@code y[batch, out..., filters]}: three spatial axes, of which missing ones are leading ones.
 */
record ConvGeometry(
        int batch,
        int[] in,
        int[] taps,
        int[] out,
        int[] strides,
        int[] dilations,
        int[] low,
        int channels,
        int filters,
        int groups) {

    static ConvGeometry of(Window window, Shape x, Shape kernel, Shape y) {
        int rank = window.rank();
        return new ConvGeometry(
                x.dim(0),
                sizes(x, 1, rank),
                sizes(kernel, 0, rank),
                sizes(y, 1, rank),
                spread(window.strides(), 1),
                spread(window.dilations(), 1),
                spread(window.low(), 0),
                x.last(),
                y.last(),
                window.groups());
    }

    static int[] sizes(Shape shape, int from, int rank) {
        int[] sizes = {1, 1, 1};
        for (int i = 0; i < rank; i++) sizes[3 - rank + i] = shape.dim(from + i);
        return sizes;
    }

    static int[] spread(Ints values, int missing) {
        int[] all = {missing, missing, missing};
        int rank = values.size();
        for (int i = 0; i < rank; i++) all[3 - rank + i] = values.get(i);
        return all;
    }

    int tapCount() {
        return taps[0] * taps[1] * taps[2];
    }

    int groupChannels() {
        return channels / groups;
    }

    int groupFilters() {
        return filters / groups;
    }

    int outputs() {
        return out[0] * out[1] * out[2];
    }

    /** Returns the walk from an element of y to those of x under its window. */
    ConvWalk forward() {
        int[] start = {-low[0], -low[1], -low[2]};
        return new ConvWalk(out, in, taps, dilations, start, new int[] {1, 1, 1}, strides);
    }

    /** Returns the walk from an element of x to those of y whose windows have it. */
    ConvWalk backward() {
        int[] step = {-dilations[0], -dilations[1], -dilations[2]};
        return new ConvWalk(in, out, taps, step, low, strides, new int[] {1, 1, 1});
    }
}
