package org.keras4j.ops;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.op.Binary;
import org.keras4j.op.Fusion;
import org.keras4j.op.Op;
import org.keras4j.op.Unary;

/** Means, variances, and what is divided by them. */
final class Normalizations {
    /** The greatest finite float16, to which half-precision statistics are cut. */
    private static final double HALF_MAX = 65504;

    private Normalizations() {}

    /** Mean and variance; half precision is computed in float32. */
    static List<Tensor> moments(Tensor x, int @Nullable [] axes, boolean keepdims) {
        boolean half = ActivationFunctions.isHalf(x.dtype());
        Tensor wide = half ? Primitives.cast(x, DType.FLOAT32) : Arithmetic.toFloat(x);
        int[] all = Reductions.axes(wide, axes);
        Tensor mean = Reductions.mean(wide, all, true);
        Tensor centred = Arithmetic.binary(Binary.SUB, wide, mean);
        Tensor variance = Reductions.mean(Primitives.mul(centred, centred), all, true);
        return List.of(narrow(mean, all, keepdims, half, x), narrow(variance, all, keepdims, half, x));
    }

    private static Tensor narrow(Tensor statistic, int[] axes, boolean keepdims, boolean half, Tensor x) {
        Tensor y = Reductions.drop(statistic, axes, keepdims);
        return half ? Primitives.cast(Elementwise.clip(y, -HALF_MAX, HALF_MAX), x.dtype()) : y;
    }

    /** {@code (x - mean) / sqrt(variance + epsilon) * scale + offset}, the statistics along one axis. */
    static Tensor batch(
            Tensor x,
            Tensor mean,
            Tensor variance,
            int axis,
            @Nullable Tensor offset,
            @Nullable Tensor scale,
            double epsilon) {
        Tensor factor = Primitives.unary(Unary.RSQRT, Primitives.shift(Arithmetic.toFloat(variance), epsilon));
        if (scale != null) factor = Arithmetic.binary(Binary.MUL, factor, scale);
        Tensor summand = Primitives.neg(Arithmetic.binary(Binary.MUL, mean, factor));
        if (offset != null) summand = Arithmetic.binary(Binary.ADD, summand, offset);
        Tensor scaled = Arithmetic.binary(Binary.MUL, x, along(x, axis, factor));
        return Arithmetic.binary(Binary.ADD, scaled, along(x, axis, summand));
    }

    /** Lays a vector along {@code axis} of {@code x}. */
    private static Tensor along(Tensor x, int axis, Tensor vector) {
        int n = x.shape().dim(axis);
        if (vector.shape().size() != n)
            throw new IllegalArgumentException("batchNormalization: expected statistics of " + n + " elements for axis "
                    + axis + " of " + x.shape() + ", got " + vector.shape());
        var dims = new int[x.rank()];
        Arrays.fill(dims, 1);
        dims[x.shape().axis(axis)] = n;
        return Primitives.reshape(vector, Shape.of(dims));
    }

    /** At least float32 inside. Gamma and beta have the sizes of {@code axes}. */
    static Tensor layer(Tensor x, @Nullable Tensor gamma, @Nullable Tensor beta, int[] axes, double epsilon) {
        DType wide = DTypes.result(DTypes.floating(x.dtype()), DType.FLOAT32);
        Tensor f = Primitives.cast(x, wide);
        int[] all = Reductions.axes(x, axes);
        if (all.length == 1 && all[0] == x.rank() - 1) {
            Shape n = Shape.of(x.shape().last());
            Tensor g = gamma == null ? Primitives.full(1, wide, n) : Primitives.cast(gamma, wide);
            Tensor b = beta == null ? Primitives.full(0, wide, n) : Primitives.cast(beta, wide);
            return Primitives.cast(Primitives.fused(new Fusion.LayerNorm(epsilon), f, g, b), x.dtype());
        }
        List<Tensor> moments = moments(f, all, true);
        Tensor inverse = Primitives.unary(Unary.RSQRT, Primitives.shift(moments.get(1), epsilon));
        if (gamma != null) inverse = Arithmetic.binary(Binary.MUL, inverse, spread(x, all, gamma, wide));
        Tensor shift = Primitives.neg(Arithmetic.binary(Binary.MUL, moments.get(0), inverse));
        if (beta != null) shift = Arithmetic.binary(Binary.ADD, shift, spread(x, all, beta, wide));
        Tensor y = Arithmetic.binary(Binary.ADD, Arithmetic.binary(Binary.MUL, f, inverse), shift);
        return Primitives.cast(y, x.dtype());
    }

    /** Divides by the deviation without taking the mean away: what Keras's {@code rms_scaling} does. */
    static Tensor byDeviation(Tensor x, @Nullable Tensor gamma, int[] axes, double epsilon) {
        DType wide = DTypes.result(DTypes.floating(x.dtype()), DType.FLOAT32);
        Tensor f = Primitives.cast(x, wide);
        int[] all = Reductions.axes(x, axes);
        Tensor variance = moments(f, all, true).get(1);
        Tensor inverse = Primitives.unary(Unary.RSQRT, Primitives.shift(variance, epsilon));
        Tensor y = Arithmetic.binary(Binary.MUL, f, inverse);
        if (gamma != null) y = Arithmetic.binary(Binary.MUL, y, spread(x, all, gamma, wide));
        return Primitives.cast(y, x.dtype());
    }

    private static Tensor spread(Tensor x, int[] axes, Tensor weight, DType dtype) {
        var dims = new int[x.rank()];
        Arrays.fill(dims, 1);
        for (int axis : axes) dims[axis] = x.shape().dim(axis);
        return Primitives.reshape(Primitives.cast(weight, dtype), Shape.of(dims));
    }

    /** {@code x / sqrt(mean(x^2) + epsilon) * scale}; at least float32 inside. */
    static Tensor rms(Tensor x, @Nullable Tensor scale, int[] axes, double epsilon) {
        Tensor row = x.rank() == 0 ? Manipulation.expandDims(x, 0) : x;
        DType wide = DTypes.result(DTypes.floating(x.dtype()), DType.FLOAT32);
        Tensor f = Primitives.cast(row, wide);
        Tensor mean = Reductions.mean(Primitives.mul(f, f), axes, true);
        Tensor inverse = Primitives.unary(Unary.RSQRT, Primitives.shift(mean, epsilon));
        Tensor y = Arithmetic.binary(Binary.MUL, f, inverse);
        if (scale != null) y = Arithmetic.binary(Binary.MUL, y, Primitives.cast(scale, wide));
        return Primitives.cast(y, x.dtype());
    }

    /** Divides by the norm of that order, which counts as at least {@code epsilon}. */
    static Tensor normalize(Tensor x, int @Nullable [] axes, int order, double epsilon) {
        if (order < 1) throw new IllegalArgumentException("normalize: order must be at least 1, got " + order);
        Tensor f = Arithmetic.toFloat(x.rank() == 0 ? Manipulation.expandDims(x, 0) : x);
        if (order == 2) {
            Tensor sum = Reductions.sum(Primitives.mul(f, f), axes, true);
            // Bounded before the root, whose gradient at 0 is infinite.
            Tensor bounded = Primitives.binary(Binary.MAX, sum, Arithmetic.fullLike(sum, epsilon * epsilon));
            return Arithmetic.binary(Binary.MUL, f, Primitives.unary(Unary.RSQRT, bounded));
        }
        Tensor norm = vectorNorm(f, order, axes, true);
        return Arithmetic.binary(
                Binary.DIV, f, Primitives.binary(Binary.MAX, norm, Arithmetic.fullLike(norm, epsilon)));
    }

    /** The order-norm of the elements along the axes; order may be infinite, negative or 0 (counts non-zeros). */
    static Tensor vectorNorm(Tensor x, double order, int @Nullable [] axes, boolean keepdims) {
        Tensor f = Arithmetic.toFloat(x);
        Tensor size = Primitives.unary(Unary.ABS, f);
        if (order == Double.POSITIVE_INFINITY) return Reductions.max(size, axes, keepdims, null);
        if (order == Double.NEGATIVE_INFINITY) return Reductions.min(size, axes, keepdims, null);
        if (order == 0) {
            Tensor some = Primitives.cast(Arithmetic.test(Binary.NOT_EQUAL, f, 0), f.dtype());
            return Reductions.sum(some, axes, keepdims);
        }
        if (order == 1) return Reductions.sum(size, axes, keepdims);
        if (order == 2) return Primitives.unary(Unary.SQRT, Reductions.sum(Primitives.mul(f, f), axes, keepdims));
        Tensor powers = Primitives.binary(Binary.POW, size, Arithmetic.fullLike(size, order));
        Tensor sum = Reductions.sum(powers, axes, keepdims);
        return Primitives.binary(Binary.POW, sum, Arithmetic.fullLike(sum, 1 / order));
    }

    /** 10 log10(max^2 / mse). */
    static Tensor psnr(Tensor a, Tensor b, double max) {
        if (!a.shape().equals(b.shape()))
            throw new IllegalArgumentException("psnr: shapes must be equal, got " + a.shape() + " and " + b.shape());
        Tensor difference = Arithmetic.toFloat(Arithmetic.binary(Binary.SUB, a, b));
        Tensor mse = Reductions.mean(Primitives.mul(difference, difference), null, false);
        Tensor log = Primitives.scale(Primitives.unary(Unary.LOG, mse), -10 / Math.log(10));
        return Primitives.shift(log, 20 * Math.log10(max));
    }

    /** Any class that comes along the first axis after the batch. */
    static Tensor multiHot(Tensor x, int classes, int axis, DType dtype) {
        Tensor hot = Indexing.oneHot(x, classes, axis, DType.BOOL);
        int along = x.rank() > 1 ? 1 : 0;
        Tensor any = Reductions.reduce(Op.Reduction.MAX, hot, new int[] {along}, false);
        return Primitives.cast(any, dtype);
    }
}
