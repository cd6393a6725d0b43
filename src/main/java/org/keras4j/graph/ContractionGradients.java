package org.keras4j.graph;

import static org.keras4j.graph.Primitives.binary;
import static org.keras4j.graph.Primitives.full;
import static org.keras4j.graph.Primitives.select;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.op.Binary;
import org.keras4j.op.Ints;
import org.keras4j.op.Op;
import org.keras4j.op.Window;

/** Gradients of matrix products, convolutions and pooling. The three convolutions turn into each other. */
final class ContractionGradients {
    private ContractionGradients() {}

    static List<@Nullable Tensor> dot(boolean ta, boolean tb, Tensor y, Tensor dy) {
        Tensor a = y.input(0);
        Tensor b = y.input(1);
        Tensor da = ta ? Primitives.dot(b, tb, dy, true) : Primitives.dot(dy, false, b, !tb);
        Tensor db = tb ? Primitives.dot(dy, true, a, ta) : Primitives.dot(a, !ta, dy, false);
        return Gradients.list(da, db);
    }

    static List<@Nullable Tensor> conv(Window window, Tensor y, Tensor dy) {
        Tensor x = y.input(0);
        Tensor kernel = y.input(1);
        return Gradients.list(
                inputGradient(window, x.shape(), dy, kernel), kernelGradient(window, kernel.shape(), x, dy));
    }

    /** y = input gradient of (dy, kernel); {@code g} has the shape of the convolution's input. */
    static List<@Nullable Tensor> convInput(Window window, Tensor y, Tensor g) {
        Tensor dy = y.input(0);
        Tensor kernel = y.input(1);
        return Gradients.list(Primitives.conv(g, kernel, window), kernelGradient(window, kernel.shape(), g, dy));
    }

    /** y = kernel gradient of (x, dy); {@code g} has the shape of the kernel. */
    static List<@Nullable Tensor> convKernel(Window window, Tensor y, Tensor g) {
        Tensor x = y.input(0);
        Tensor dy = y.input(1);
        return Gradients.list(inputGradient(window, x.shape(), dy, g), Primitives.conv(x, g, window));
    }

    private static Tensor inputGradient(Window window, Shape x, Tensor dy, Tensor kernel) {
        return Tensor.of(new Op.ConvInputGradient(window, x), dy, kernel);
    }

    private static Tensor kernelGradient(Window window, Shape kernel, Tensor x, Tensor dy) {
        return Tensor.of(new Op.ConvKernelGradient(window, kernel), x, dy);
    }

    static Tensor pool(Op.Pool op, Tensor y, Tensor dy) {
        Tensor x = y.input(0);
        var gradient = new Op.PoolGradient(op.function(), op.size(), op.window(), x.shape());
        return switch (op.function()) {
            case MAX -> Tensor.of(gradient, x, dy);
            case SUM -> Tensor.of(gradient, dy);
            case PROD, MIN -> throw new UnsupportedOperationException("Pooling is MAX or SUM, got " + op.function());
        };
    }

    /** {@code g} has the shape of the pooling's input. */
    static List<@Nullable Tensor> poolGradient(Op.PoolGradient op, Tensor y, Tensor g) {
        return switch (op.function()) {
            case SUM -> Gradients.list(Tensor.of(new Op.Pool(op.function(), op.size(), op.window()), g));
            case MAX -> Gradients.list(null, atMaximum(op, y.input(0), g));
            case PROD, MIN -> throw new UnsupportedOperationException("Pooling is MAX or SUM, got " + op.function());
        };
    }

    /** Returns, for each window, the element of {@code g} where {@code x} has its first greatest element. */
    private static Tensor atMaximum(Op.PoolGradient op, Tensor x, Tensor g) {
        Tensor inside = full(1, DType.FLOAT32, x.shape());
        Tensor best = null;
        Tensor taken = null;
        for (int offset = 0; offset < Shape.of(op.size().toArray()).size(); offset++) {
            Tensor candidate = element(op, offset, x);
            Tensor value = element(op, offset, g);
            Tensor valid = Primitives.cast(element(op, offset, inside), DType.BOOL);
            Tensor masked = select(valid, candidate, full(Double.NEGATIVE_INFINITY, x.dtype(), candidate.shape()));
            if (best == null || taken == null) {
                best = masked;
                taken = value;
            } else {
                Tensor better = binary(Binary.GREATER, masked, best);
                best = select(better, masked, best);
                taken = select(better, value, taken);
            }
        }
        return Objects.requireNonNull(taken);
    }

    /** Returns element {@code offset} (row-major) of all windows over x, zero in the padding. */
    private static Tensor element(Op.PoolGradient op, int offset, Tensor x) {
        Window w = op.window();
        int rank = w.rank();
        int[] starts = new int[rank + 2];
        int[] sizes = x.shape().dims();
        int[] strides = Ints.repeat(1, rank + 2).toArray();
        int[] low = new int[rank + 2];
        int[] high = new int[rank + 2];
        for (int i = rank - 1, rest = offset; i >= 0; i--) {
            starts[i + 1] = rest % op.size().get(i) * w.dilations().get(i);
            rest /= op.size().get(i);
            sizes[i + 1] = w.windows(i, x.shape().dim(i + 1), op.size().get(i));
            strides[i + 1] = w.strides().get(i);
            low[i + 1] = w.low().get(i);
            high[i + 1] = w.high().get(i);
        }
        return Primitives.slice(Primitives.pad(x, low, high), starts, sizes, strides);
    }
}
