package org.keras4j.ops;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.op.Ints;
import org.keras4j.op.Op;
import org.keras4j.op.Window;

/** Pooling over windows of the spatial axes. */
final class Pooling {
    private Pooling() {}

    /** No strides: those of the pool size. Averages leave padding out. */
    static Tensor pool(
            boolean max,
            Tensor inputs,
            int[] poolSize,
            int @Nullable [] strides,
            String padding,
            @Nullable String dataFormat) {
        String what = max ? "maxPool" : "averagePool";
        int n = inputs.rank() - 2;
        if (n < 1 || n > 3)
            throw new IllegalArgumentException(what + ": expected 1 to 3 spatial axes, got shape " + inputs.shape());
        if (!padding.equals("valid") && !padding.equals("same"))
            throw new IllegalArgumentException(
                    what + ": padding must be \"valid\" or \"same\", got \"" + padding + "\"");
        boolean first = Convolutions.channelsFirst(dataFormat);
        Tensor x = first ? Convolutions.toLast(inputs) : inputs;
        int[] size = Convolutions.spread(poolSize, n, "pool_size");
        int[] stride = strides == null ? size : Convolutions.spread(strides, n, "strides");
        int[] one = Ints.repeat(1, n).toArray();
        Window w = Convolutions.window(x.shape(), size, stride, padding, one, 1, what);
        Tensor y = Tensor.of(new Op.Pool(max ? Op.Reduction.MAX : Op.Reduction.SUM, Ints.of(size), w), x);
        if (!max) y = Primitives.mul(y, inverseCounts(y, x.shape(), size, w));
        return first ? Convolutions.toFirst(y) : y;
    }

    /** One over the number of elements that are not padding in each window, for the shape of {@code y}. */
    private static Tensor inverseCounts(Tensor y, Shape x, int[] size, Window w) {
        if (w.low().all(0) && w.high().all(0)) {
            double count = 1;
            for (int s : size) count *= s;
            return Arithmetic.fullLike(y, 1 / count);
        }
        Tensor inverse = Arithmetic.fullLike(y, 1);
        for (int i = 0; i < size.length; i++) {
            int windows = y.shape().dim(i + 1);
            var counts = new double[windows];
            for (int k = 0; k < windows; k++) {
                int start = k * w.strides().get(i) - w.low().get(i);
                counts[k] = 1.0 / (Math.min(start + size[i], x.dim(i + 1)) - Math.max(start, 0));
            }
            var dims = Ints.repeat(1, y.rank()).toArray();
            dims[i + 1] = windows;
            Tensor along = Creation.array(counts, y.dtype(), Shape.of(dims));
            inverse = Primitives.mul(inverse, Primitives.broadcast(along, y.shape()));
        }
        return inverse;
    }

    /** Windows from floor(i n / m) to ceil((i + 1) n / m), one axis after the other. */
    static Tensor adaptive(boolean max, Tensor inputs, int[] outputSize, @Nullable String dataFormat) {
        int n = inputs.rank() - 2;
        if (n < 1 || n > 3)
            throw new IllegalArgumentException("Adaptive pooling takes 1 to 3 spatial axes, got " + inputs.shape());
        int[] sizes = Convolutions.spread(outputSize, n, "output_size");
        boolean first = Convolutions.channelsFirst(dataFormat);
        Tensor y = first ? Convolutions.toLast(inputs) : inputs;
        for (int i = 0; i < n; i++) y = adaptiveAxis(max, y, i + 1, sizes[i]);
        return first ? Convolutions.toFirst(y) : y;
    }

    private static Tensor adaptiveAxis(boolean max, Tensor x, int axis, int out) {
        int n = x.shape().dim(axis);
        if (out == n) return x;
        if (out > 0 && n % out == 0) {
            int[] axes = {axis + 1};
            Tensor split = Primitives.reshape(x, x.shape().with(axis, n / out).insert(axis, out));
            return max ? Reductions.max(split, axes, false, null) : Reductions.mean(split, axes, false);
        }
        List<Tensor> parts = new ArrayList<>();
        for (int i = 0; i < out; i++) {
            int from = (int) ((long) i * n / out);
            int to = (int) Math.ceilDiv((i + 1L) * n, out);
            Tensor window = Primitives.slice(x, axis, from, to - from);
            int[] axes = {axis};
            parts.add(max ? Reductions.max(window, axes, true, null) : Reductions.mean(window, axes, true));
        }
        return Primitives.concatenate(parts, axis);
    }

    /** Average pooling of integers counts in floats. */
    static Tensor average(
            Tensor x, int[] poolSize, int @Nullable [] strides, String padding, @Nullable String dataFormat) {
        DType dtype = DTypes.floating(x.dtype());
        return pool(false, Primitives.cast(x, dtype), poolSize, strides, padding, dataFormat);
    }
}
