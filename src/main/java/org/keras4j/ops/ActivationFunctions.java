package org.keras4j.ops;

import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.op.Binary;
import org.keras4j.op.Fusion;
import org.keras4j.op.Op;
import org.keras4j.op.Unary;

/** The functions that Keras offers as activations. Integers become floatx, except in relu and its kin. */
final class ActivationFunctions {
    private ActivationFunctions() {}

    static Tensor relu(Tensor x) {
        return x.dtype().isFloating()
                ? Primitives.unary(Unary.RELU, x)
                : Primitives.binary(Binary.MAX, x, Arithmetic.fullLike(x, 0));
    }

    /** Keras's relu: leaky below {@code threshold}, cut off at {@code maxValue} (infinite: not). */
    static Tensor relu(Tensor x, double negativeSlope, double maxValue, double threshold) {
        if (negativeSlope == 0 && threshold == 0) {
            if (Double.isInfinite(maxValue)) return relu(x);
            return maxValue == 6 ? relu6(x) : Elementwise.clip(relu(x), 0, maxValue);
        }
        if (threshold == 0 && Double.isInfinite(maxValue)) return leakyRelu(x, negativeSlope);
        Tensor f = Arithmetic.toFloat(x);
        Tensor negative = relu(Primitives.shift(Primitives.neg(f), threshold));
        Tensor y;
        if (threshold != 0) {
            Tensor passes = Arithmetic.test(Binary.GREATER, f, threshold);
            y = Primitives.mul(f, Primitives.cast(passes, f.dtype()));
        } else y = relu(f);
        if (!Double.isInfinite(maxValue)) y = Elementwise.clip(y, 0, maxValue);
        return negativeSlope == 0 ? y : Primitives.sub(y, Primitives.scale(negative, negativeSlope));
    }

    static Tensor relu6(Tensor x) {
        Tensor six = Arithmetic.fullLike(x, 6);
        // Not a minimum: at 6 Keras's gradient is 0, as above it.
        return Primitives.select(Arithmetic.test(Binary.GREATER_EQUAL, x, 6), six, relu(x));
    }

    static Tensor leakyRelu(Tensor x, double negativeSlope) {
        Tensor f = Arithmetic.toFloat(x);
        return Primitives.select(Arithmetic.test(Binary.GREATER_EQUAL, f, 0), f, Primitives.scale(f, negativeSlope));
    }

    static Tensor sigmoid(Tensor x) {
        return Arithmetic.floatUnary(Unary.SIGMOID, x);
    }

    static Tensor tanh(Tensor x) {
        return Arithmetic.floatUnary(Unary.TANH, x);
    }

    static Tensor softplus(Tensor x) {
        return Arithmetic.floatUnary(Unary.SOFTPLUS, x);
    }

    static Tensor softsign(Tensor x) {
        Tensor f = Arithmetic.toFloat(x);
        return Primitives.div(f, Primitives.shift(Primitives.unary(Unary.ABS, f), 1));
    }

    static Tensor silu(Tensor x) {
        Tensor f = Arithmetic.toFloat(x);
        return Primitives.mul(f, sigmoid(f));
    }

    static Tensor logSigmoid(Tensor x) {
        Tensor f = Arithmetic.toFloat(x);
        return Primitives.neg(softplus(Primitives.neg(f)));
    }

    /** relu6(x + 3) / 6. */
    static Tensor hardSigmoid(Tensor x) {
        Tensor f = Arithmetic.toFloat(x);
        return Primitives.scale(relu6(Primitives.shift(f, 3)), 1.0 / 6);
    }

    static Tensor hardSilu(Tensor x) {
        Tensor f = Arithmetic.toFloat(x);
        return Primitives.mul(f, hardSigmoid(f));
    }

    /** alpha * (exp(x) - 1) below 0; the argument of exp never exceeds 0, so that gradients stay finite. */
    static Tensor elu(Tensor x, double alpha) {
        Tensor f = Arithmetic.toFloat(x);
        Tensor positive = Arithmetic.test(Binary.GREATER, f, 0);
        Tensor below = Primitives.select(positive, Arithmetic.fullLike(f, 0), f);
        return Primitives.select(positive, f, Primitives.scale(Primitives.unary(Unary.EXPM1, below), alpha));
    }

    /** Scale and alpha of Klambauer et al. 2017. */
    static Tensor selu(Tensor x) {
        return Primitives.scale(elu(x, 1.6732632423543772848170429916717), 1.0507009873554804934193349852946);
    }

    static Tensor celu(Tensor x, double alpha) {
        Tensor f = Arithmetic.toFloat(x);
        Tensor below = Primitives.binary(Binary.MIN, f, Arithmetic.fullLike(f, 0));
        Tensor curve = Primitives.scale(Primitives.unary(Unary.EXPM1, Primitives.scale(below, 1 / alpha)), alpha);
        return Primitives.add(Primitives.binary(Binary.MAX, f, Arithmetic.fullLike(f, 0)), curve);
    }

    static Tensor gelu(Tensor x, boolean approximate) {
        Tensor f = Arithmetic.toFloat(x);
        Tensor inner;
        if (approximate) {
            Tensor cube = Primitives.mul(f, Primitives.mul(f, f));
            Tensor poly = Primitives.add(f, Primitives.scale(cube, 0.044715));
            inner = Primitives.unary(Unary.TANH, Primitives.scale(poly, Math.sqrt(2 / Math.PI)));
        } else inner = Primitives.unary(Unary.ERF, Primitives.scale(f, Math.sqrt(0.5)));
        return Primitives.mul(Primitives.scale(f, 0.5), Primitives.shift(inner, 1));
    }

    /** a * sigmoid(b) for the two halves of an axis. */
    static Tensor glu(Tensor x, int axis) {
        var halves = Manipulation.split(Arithmetic.toFloat(x), 2, axis);
        return Primitives.mul(halves.get(0), sigmoid(halves.get(1)));
    }

    /** Its derivative is 0 from -1 and 1 on, which plain clipping leaves open. */
    static Tensor hardTanh(Tensor x) {
        Tensor inside = Arithmetic.test(Binary.LESS, Primitives.unary(Unary.ABS, x), 1);
        return Arithmetic.where(inside, x, Elementwise.clip(Primitives.stopGradient(x), -1, 1));
    }

    static Tensor hardShrink(Tensor x, double threshold) {
        Tensor f = Arithmetic.toFloat(x);
        Tensor far = Arithmetic.test(Binary.GREATER, Primitives.unary(Unary.ABS, f), threshold);
        return Primitives.select(far, f, Arithmetic.fullLike(f, 0));
    }

    static Tensor softShrink(Tensor x, double threshold) {
        Tensor f = Arithmetic.toFloat(x);
        Tensor below = Primitives.select(
                Arithmetic.test(Binary.LESS, f, -threshold), Primitives.shift(f, threshold), Arithmetic.fullLike(f, 0));
        return Primitives.select(Arithmetic.test(Binary.GREATER, f, threshold), Primitives.shift(f, -threshold), below);
    }

    static Tensor tanhShrink(Tensor x) {
        Tensor f = Arithmetic.toFloat(x);
        return Primitives.sub(f, tanh(f));
    }

    static Tensor threshold(Tensor x, double threshold, double value) {
        Tensor f = Arithmetic.toFloat(x);
        return Primitives.select(Arithmetic.test(Binary.GREATER, f, threshold), f, Arithmetic.fullLike(f, value));
    }

    static Tensor mish(Tensor x) {
        Tensor f = Arithmetic.toFloat(x);
        return Primitives.mul(f, tanh(softplus(f)));
    }

    /** (x + sqrt(x^2 + b)) / 2. */
    static Tensor squareplus(Tensor x, double b) {
        Tensor f = Arithmetic.toFloat(x);
        Tensor root = Primitives.unary(Unary.SQRT, Primitives.shift(Primitives.mul(f, f), b));
        return Primitives.scale(Primitives.add(f, root), 0.5);
    }

    /** 0 up to -1, x from 1 on, (x + 1)^2 / 4 between. */
    static Tensor sparsePlus(Tensor x) {
        Tensor f = Arithmetic.toFloat(x);
        Tensor up = Primitives.shift(f, 1);
        Tensor middle = Primitives.scale(Primitives.mul(up, up), 0.25);
        Tensor low = Primitives.select(Arithmetic.test(Binary.LESS_EQUAL, f, -1), Arithmetic.fullLike(f, 0), middle);
        return Primitives.select(Arithmetic.test(Binary.GREATER_EQUAL, f, 1), f, low);
    }

    static Tensor sparseSigmoid(Tensor x) {
        Tensor f = Arithmetic.toFloat(x);
        return Primitives.scale(Elementwise.clip(Primitives.shift(f, 1), 0, 2), 0.5);
    }

    // ---- over an axis -----------------------------------------------------------------------------------------------

    static Tensor softmax(Tensor x, int axis) {
        return lastAxis(new Fusion.Softmax(), Arithmetic.toFloat(x), axis);
    }

    static Tensor logSoftmax(Tensor x, int axis) {
        return lastAxis(new Fusion.LogSoftmax(), Arithmetic.toFloat(x), axis);
    }

    private static Tensor lastAxis(Fusion fusion, Tensor x, int axis) {
        int at = x.shape().axis(axis);
        if (at == x.rank() - 1) return Primitives.fused(fusion, x);
        Tensor y = Primitives.fused(fusion, Manipulation.swapaxes(x, at, -1));
        return Manipulation.swapaxes(y, at, -1);
    }

    /** Softmax over several axes (null: all) taken together. */
    static Tensor softmax(Tensor x, int @Nullable [] axes, boolean log) {
        int[] all = Reductions.axes(x, axes);
        var last = new int[all.length];
        for (int i = 0; i < last.length; i++) last[i] = i - last.length;
        Tensor moved = Manipulation.moveaxis(Arithmetic.toFloat(x), all, last);
        int outer = x.rank() - all.length;
        Shape flat = moved.shape().slice(0, outer).concat(Shape.of((int)
                moved.shape().size(outer, x.rank())));
        Tensor joined = Primitives.reshape(moved, flat);
        Tensor y = log ? logSoftmax(joined, -1) : softmax(joined, -1);
        return Manipulation.moveaxis(Primitives.reshape(y, moved.shape()), last, all);
    }

    /** Projection onto the simplex: Martins and Astudillo 2016, algorithm 1. */
    static Tensor sparsemax(Tensor x, int axis) {
        Tensor f = Arithmetic.toFloat(x);
        int at = f.shape().axis(axis);
        int[] along = {at};
        Tensor sorted = Indexing.sort(f, at, true).getFirst();
        Tensor sums = Tensor.of(new Op.Cumulative(Op.Reduction.SUM, at, false, false), sorted);
        Tensor rank = Primitives.shift(Primitives.iota(at, f.dtype(), f.shape()), 1);
        Tensor bound = Primitives.div(Primitives.shift(sums, -1), rank);
        Tensor support = Primitives.binary(Binary.GREATER, sorted, bound);
        Tensor k = Primitives.sum(Primitives.cast(support, f.dtype()), along);
        // Keras adds up the running sums over the whole support instead of taking the last one.
        Tensor inside = Primitives.select(support, sums, Arithmetic.fullLike(f, 0));
        Tensor tau = Primitives.div(Primitives.shift(Primitives.sum(inside, along), -1), k);
        Tensor above = Primitives.sub(f, Arithmetic.broadcastTo(tau, f.shape()));
        return Primitives.binary(Binary.MAX, above, Arithmetic.fullLike(f, 0));
    }

    /** Says whether values of {@code dtype} are computed in half precision. */
    static boolean isHalf(DType dtype) {
        return dtype == DType.FLOAT16 || dtype == DType.BFLOAT16;
    }
}
