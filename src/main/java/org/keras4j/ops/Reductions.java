package org.keras4j.ops;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.op.Binary;
import org.keras4j.op.Op;
import org.keras4j.op.Unary;

/** Reductions over axes; null stands for all axes. */
final class Reductions {
    private Reductions() {}

    /** Returns the axes as numbers from 0 on, sorted. */
    static int[] axes(Tensor x, int @Nullable [] axes) {
        int[] out = axes == null ? new int[x.rank()] : axes.clone();
        for (int i = 0; i < out.length; i++) out[i] = x.shape().axis(axes == null ? i : axes[i]);
        Arrays.sort(out);
        for (int i = 1; i < out.length; i++)
            if (out[i] == out[i - 1])
                throw new IllegalArgumentException("Axis " + out[i] + " comes twice in " + Arrays.toString(axes));
        return out;
    }

    /** Takes away {@code axes} (of size 1) unless they are to be kept. */
    static Tensor drop(Tensor reduced, int[] axes, boolean keepdims) {
        if (keepdims) return reduced;
        Shape shape = reduced.shape();
        for (int i = axes.length - 1; i >= 0; i--) shape = shape.without(axes[i]);
        return Primitives.reshape(reduced, shape);
    }

    static Tensor reduce(Op.Reduction f, Tensor x, int @Nullable [] axes, boolean keepdims) {
        int[] all = axes(x, axes);
        return drop(Primitives.reduce(f, x, all), all, keepdims);
    }

    /** Narrow integers are added up in 32 bits. */
    static Tensor widen(Tensor x) {
        return switch (x.dtype()) {
            case BOOL, INT8, INT16 -> Primitives.cast(x, DType.INT32);
            case UINT8, UINT16 -> Primitives.cast(x, DType.UINT32);
            case UINT32, INT32, INT64, FLOAT16, BFLOAT16, FLOAT32, FLOAT64 -> x;
        };
    }

    static Tensor sum(Tensor x, int @Nullable [] axes, boolean keepdims) {
        return reduce(Op.Reduction.SUM, widen(x), axes, keepdims);
    }

    static Tensor prod(Tensor x, int @Nullable [] axes, boolean keepdims) {
        return reduce(Op.Reduction.PROD, widen(x), axes, keepdims);
    }

    static Tensor max(Tensor x, int @Nullable [] axes, boolean keepdims, @Nullable Double initial) {
        return extreme(Op.Reduction.MAX, Binary.MAX, x, axes, keepdims, initial);
    }

    static Tensor min(Tensor x, int @Nullable [] axes, boolean keepdims, @Nullable Double initial) {
        return extreme(Op.Reduction.MIN, Binary.MIN, x, axes, keepdims, initial);
    }

    private static Tensor extreme(
            Op.Reduction f, Binary both, Tensor x, int @Nullable [] axes, boolean keepdims, @Nullable Double initial) {
        int[] all = axes(x, axes);
        long count = count(x, all);
        if (count == 0 && initial == null)
            throw new IllegalArgumentException((f == Op.Reduction.MAX ? "max" : "min") + " of no elements: shape "
                    + x.shape() + ", axes " + Arrays.toString(all) + ", and no initial value");
        if (count == 0 && initial != null) {
            Shape shape = x.shape();
            for (int axis : all) shape = shape.with(axis, 1);
            return drop(Primitives.full(initial, x.dtype(), shape), all, keepdims);
        }
        Tensor y = reduce(f, x, axes, keepdims);
        return initial == null ? y : Primitives.binary(both, y, Arithmetic.fullLike(y, initial));
    }

    static Tensor any(Tensor x, int @Nullable [] axes, boolean keepdims) {
        return reduce(Op.Reduction.MAX, Primitives.cast(x, DType.BOOL), axes, keepdims);
    }

    static Tensor all(Tensor x, int @Nullable [] axes, boolean keepdims) {
        return reduce(Op.Reduction.MIN, Primitives.cast(x, DType.BOOL), axes, keepdims);
    }

    /** Returns the number of elements that are reduced to one. */
    static long count(Tensor x, int[] axes) {
        long n = 1;
        for (int axis : axes) n *= x.shape().dim(axis);
        return n;
    }

    /** Half-precision values are averaged in float32. */
    static Tensor mean(Tensor x, int @Nullable [] axes, boolean keepdims) {
        DType dtype = DTypes.floating(x.dtype());
        int[] all = axes(x, axes);
        Tensor wide = Primitives.cast(x, DTypes.result(dtype, DType.FLOAT32));
        Tensor mean = Primitives.scale(Primitives.sum(wide, all), 1.0 / count(x, all));
        return Primitives.cast(drop(mean, all, keepdims), dtype);
    }

    static Tensor var(Tensor x, int @Nullable [] axes, boolean keepdims) {
        DType dtype = DTypes.floating(x.dtype());
        Tensor wide = Primitives.cast(x, DTypes.result(dtype, DType.FLOAT32));
        Tensor centred = Arithmetic.binary(Binary.SUB, wide, mean(wide, axes, true));
        return Primitives.cast(mean(Primitives.mul(centred, centred), axes, keepdims), dtype);
    }

    static Tensor std(Tensor x, int @Nullable [] axes, boolean keepdims) {
        return Primitives.unary(Unary.SQRT, var(x, axes, keepdims));
    }

    /** log(sum(exp(x))), shifted by the maximum. */
    static Tensor logsumexp(Tensor x, int @Nullable [] axes, boolean keepdims) {
        Tensor f = Arithmetic.toFloat(x);
        int[] all = axes(f, axes);
        Tensor max = Primitives.stopGradient(Primitives.reduce(Op.Reduction.MAX, f, all));
        Tensor finite = Arithmetic.where(Primitives.unary(Unary.IS_FINITE, max), max, 0.0);
        Tensor shifted = Arithmetic.binary(Binary.SUB, f, finite);
        Tensor sum = Primitives.sum(Primitives.unary(Unary.EXP, shifted), all);
        return drop(Primitives.add(Primitives.unary(Unary.LOG, sum), finite), all, keepdims);
    }

    /** Without an axis, of the flattened values. */
    static Tensor argReduce(boolean max, Tensor x, @Nullable Integer axis, boolean keepdims) {
        if (axis == null) {
            Tensor flat = Primitives.reshape(x, Shape.of(x.shape().size()));
            Tensor index = Tensor.of(new Op.ArgReduce(max, 0), flat);
            var ones = new int[keepdims ? x.rank() : 0];
            Arrays.fill(ones, 1);
            return Primitives.reshape(index, Shape.of(ones));
        }
        int at = x.shape().axis(axis);
        return drop(Tensor.of(new Op.ArgReduce(max, at), x), new int[] {at}, keepdims);
    }

    static Tensor cumulative(Op.Reduction f, Tensor x, @Nullable Integer axis, @Nullable DType dtype) {
        Tensor y = Primitives.cast(
                Arithmetic.boolToInt(x), dtype == null ? Arithmetic.boolToInt(x).dtype() : dtype);
        if (axis == null) {
            y = Primitives.reshape(y, Shape.of(y.shape().size()));
            return Tensor.of(new Op.Cumulative(f, 0, false, false), y);
        }
        return Tensor.of(new Op.Cumulative(f, y.shape().axis(axis), false, false), y);
    }
}
