package org.keras4j.ops;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.op.Ints;
import org.keras4j.op.Op;
import org.keras4j.op.Window;

/** Convolutions with Keras's padding rules. Kernels are {@code [space..., in, out]}. */
final class Convolutions {
    private Convolutions() {}

    /** Returns {@code values}, or its only element for each spatial axis. */
    static int[] spread(int[] values, int axes, String what) {
        if (values.length == axes) return values;
        if (values.length != 1)
            throw new IllegalArgumentException(
                    what + ": expected one number or " + axes + ", got " + Arrays.toString(values));
        var all = new int[axes];
        Arrays.fill(all, values[0]);
        return all;
    }

    static boolean channelsFirst(@Nullable String dataFormat) {
        return switch (dataFormat) {
            case null -> K.imageDataFormat().equals("channels_first");
            case "channels_last" -> false;
            case "channels_first" -> true;
            default ->
                throw new IllegalArgumentException(
                        "data_format must be \"channels_last\" or \"channels_first\", got \"" + dataFormat + "\"");
        };
    }

    /** Moves axis 1 to the end. */
    static Tensor toLast(Tensor x) {
        return Manipulation.moveaxis(x, new int[] {1}, new int[] {-1});
    }

    /** Moves the last axis to place 1. */
    static Tensor toFirst(Tensor x) {
        return Manipulation.moveaxis(x, new int[] {-1}, new int[] {1});
    }

    /** The window for Keras's padding: "valid", "same" (split evenly, the odd one after) or "causal" (all before). */
    static Window window(Shape x, int[] size, int[] strides, String padding, int[] dilation, int groups, String what) {
        int n = x.rank() - 2;
        var low = new int[n];
        var high = new int[n];
        for (int i = 0; i < n; i++) {
            int reach = (size[i] - 1) * dilation[i] + 1;
            int length = x.dim(i + 1);
            switch (padding) {
                case "valid" -> {}
                case "causal" -> low[i] = reach - 1;
                case "same" -> {
                    int total = Math.max(0, (Math.ceilDiv(length, strides[i]) - 1) * strides[i] + reach - length);
                    low[i] = total / 2;
                    high[i] = total - low[i];
                }
                default ->
                    throw new IllegalArgumentException(
                            what + ": padding must be \"valid\", \"same\" or \"causal\", got \"" + padding + "\"");
            }
        }
        return new Window(Ints.of(strides), Ints.of(dilation), Ints.of(low), Ints.of(high), groups);
    }

    static Tensor conv(
            Tensor inputs, Tensor kernel, int[] strides, String padding, @Nullable String dataFormat, int[] dilation) {
        int n = inputs.rank() - 2;
        if (n < 1 || n > 3 || kernel.rank() != n + 2)
            throw new IllegalArgumentException("conv: expected inputs with 1 to 3 spatial axes and a kernel of as many"
                    + " axes, got " + inputs.shape() + " and " + kernel.shape());
        boolean first = channelsFirst(dataFormat);
        Tensor x = Primitives.cast(first ? toLast(inputs) : inputs, kernel.dtype());
        int channels = x.shape().last();
        int perGroup = kernel.shape().dim(-2);
        if (perGroup == 0 || channels % perGroup != 0)
            throw new IllegalArgumentException("conv: the kernel's " + perGroup + " input channels do not divide the "
                    + channels + " channels of the input; shapes " + inputs.shape() + " and " + kernel.shape());
        int groups = channels / perGroup;
        if (kernel.shape().last() % groups != 0)
            throw new IllegalArgumentException("conv: " + kernel.shape().last() + " filters do not split into " + groups
                    + " groups; shapes " + inputs.shape() + " and " + kernel.shape());
        Window w = window(
                x.shape(),
                kernel.shape().slice(0, n).dims(),
                spread(strides, n, "strides"),
                padding,
                spread(dilation, n, "dilation_rate"),
                groups,
                "conv");
        Tensor y = Primitives.conv(x, kernel, w);
        if (y.shape().size() == 0 && inputs.shape().size() != 0)
            throw new IllegalArgumentException("conv: the result " + y.shape() + " is empty; the input "
                    + inputs.shape() + " is too small for the kernel " + kernel.shape() + " with padding \"" + padding
                    + "\"");
        return first ? toFirst(y) : y;
    }

    /** Kernel {@code [space..., channels, multiplier]}; channel c gives results c * multiplier and on. */
    static Tensor depthwiseConv(
            Tensor x, Tensor kernel, int[] strides, String padding, @Nullable String dataFormat, int[] dilation) {
        int channels = x.shape().dim(channelsFirst(dataFormat) ? 1 : -1);
        if (kernel.rank() != x.rank() || kernel.shape().dim(-2) != channels)
            throw new IllegalArgumentException("depthwiseConv: expected a kernel of " + channels
                    + " channels for inputs " + x.shape() + ", got " + kernel.shape());
        Shape flat =
                kernel.shape().with(-2, 1).with(-1, channels * kernel.shape().last());
        return conv(x, Primitives.reshape(kernel, flat), strides, padding, dataFormat, dilation);
    }

    static Tensor separableConv(
            Tensor x,
            Tensor depthwise,
            Tensor pointwise,
            int[] strides,
            String padding,
            @Nullable String dataFormat,
            int[] dilation) {
        Tensor y = depthwiseConv(x, depthwise, strides, padding, dataFormat, dilation);
        return conv(y, pointwise, new int[] {1}, "valid", dataFormat, new int[] {1});
    }

    /** Kernel {@code [space..., out, in]}: the gradient of a convolution for its input, in Keras's output sizes. */
    static Tensor convTranspose(
            Tensor inputs,
            Tensor kernel,
            int[] strides,
            String padding,
            int @Nullable [] outputPadding,
            @Nullable String dataFormat,
            int[] dilation) {
        int n = inputs.rank() - 2;
        boolean first = channelsFirst(dataFormat);
        Tensor dy = Primitives.cast(first ? toLast(inputs) : inputs, kernel.dtype());
        if (n < 1
                || n > 3
                || kernel.rank() != n + 2
                || kernel.shape().last() != dy.shape().last())
            throw new IllegalArgumentException("convTranspose: expected a kernel [space..., out, in] for inputs "
                    + inputs.shape() + ", got " + kernel.shape());
        int[] stride = spread(strides, n, "strides");
        int[] rate = spread(dilation, n, "dilation_rate");
        int @Nullable [] extra = outputPadding == null ? null : spread(outputPadding, n, "output_padding");
        int[] x = dy.shape().with(-1, kernel.shape().dim(-2)).dims();
        var low = new int[n];
        var high = new int[n];
        var rest = new int[n + 2];
        for (int i = 0; i < n; i++) {
            int reach = (kernel.shape().dim(i) - 1) * rate[i] + 1;
            int[] around = transposedPadding(reach, stride[i], padding, extra == null ? null : extra[i]);
            int full = (x[i + 1] - 1) * stride[i] + reach;
            int length = full + around[0] + around[1];
            low[i] = -around[0];
            high[i] = Math.max(0, -around[1]);
            rest[i + 1] = Math.max(0, around[1]);
            x[i + 1] = length - rest[i + 1];
        }
        var w = new Window(Ints.of(stride), Ints.of(rate), Ints.of(low), Ints.of(high), 1);
        Tensor y = Tensor.of(new Op.ConvInputGradient(w, Shape.of(x)), dy, kernel);
        y = Primitives.pad(y, new int[n + 2], rest);
        return first ? toFirst(y) : y;
    }

    /** Returns how many rows the result has more than the full one at each end; none to add before. */
    private static int[] transposedPadding(int reach, int stride, String padding, @Nullable Integer extra) {
        return switch (padding) {
            case "valid" -> new int[] {0, extra == null ? Math.max(reach, stride) - reach : extra};
            case "same" -> {
                int total = extra == null ? stride + reach - 2 : reach + reach % 2 - 2 + extra;
                int left = Math.min(total / 2 + total % 2, reach - 1);
                yield new int[] {left - (reach - 1), total - left - (reach - 1)};
            }
            default ->
                throw new IllegalArgumentException(
                        "convTranspose: padding must be \"valid\" or \"same\", got \"" + padding + "\"");
        };
    }
}
