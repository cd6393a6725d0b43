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

/** Weighted means, quantiles, and statistics that leave NaN out. */
final class Statistics {
    private Statistics() {}

    static Tensor average(Tensor x, int @Nullable [] axes, @Nullable Tensor weights) {
        if (weights == null) return Reductions.mean(x, axes, false);
        DType dtype = DTypes.withFloat(DTypes.result(x.dtype(), weights.dtype()));
        Tensor w = Primitives.cast(weights, dtype);
        if (!w.shape().equals(x.shape())) {
            if (axes == null
                    || axes.length != 1
                    || w.rank() != 1
                    || w.shape().dim(0) != x.shape().dim(axes[0]))
                throw new IllegalArgumentException("average: weights of shape " + weights.shape()
                        + " must have the shape of x " + x.shape() + " or be a vector along one axis");
            var dims = new int[x.rank()];
            Arrays.fill(dims, 1);
            dims[x.shape().axis(axes[0])] = w.shape().dim(0);
            w = Arithmetic.broadcastTo(Primitives.reshape(w, Shape.of(dims)), x.shape());
        }
        Tensor sum = Reductions.sum(Primitives.mul(Primitives.cast(x, dtype), w), axes, false);
        return Primitives.div(sum, Reductions.sum(w, axes, false));
    }

    // ---- NaN left out -----------------------------------------------------------------------------------------------

    static Tensor withoutNan(Tensor x, double instead) {
        return x.dtype().isFloating() ? Arithmetic.where(Primitives.unary(Unary.IS_NAN, x), instead, x) : x;
    }

    /** NaN where there is nothing else. */
    static Tensor nanExtreme(boolean max, Tensor x, int @Nullable [] axes, boolean keepdims) {
        Op.Reduction f = max ? Op.Reduction.MAX : Op.Reduction.MIN;
        if (!x.dtype().isFloating()) return Reductions.reduce(f, x, axes, keepdims);
        if (axes != null && axes.length == 0) return x;
        double least = max ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        Tensor best = Reductions.reduce(f, withoutNan(x, least), axes, keepdims);
        Tensor nothing = Reductions.all(Primitives.unary(Unary.IS_NAN, x), axes, keepdims);
        return Arithmetic.where(nothing, Double.NaN, best);
    }

    private static Tensor count(Tensor x, int @Nullable [] axes, boolean keepdims) {
        Tensor there = Primitives.unary(Unary.LOGICAL_NOT, Primitives.unary(Unary.IS_NAN, x));
        return Reductions.sum(Primitives.cast(there, x.dtype()), axes, keepdims);
    }

    static Tensor nanMean(Tensor x, int @Nullable [] axes, boolean keepdims) {
        if (axes != null && axes.length == 0) return Arithmetic.toFloat(x);
        Tensor wide = wide(x);
        Tensor sum = Reductions.sum(withoutNan(wide, 0), axes, keepdims);
        return narrow(Primitives.div(sum, count(wide, axes, keepdims)), x);
    }

    static Tensor nanVar(Tensor x, int @Nullable [] axes, boolean keepdims) {
        Tensor wide = wide(x);
        Tensor centred = Arithmetic.binary(Binary.SUB, wide, nanMean(wide, axes, true));
        Tensor there = Arithmetic.where(Primitives.unary(Unary.IS_NAN, wide), 0.0, centred);
        Tensor sum = Reductions.sum(Primitives.mul(there, there), axes, keepdims);
        return narrow(Primitives.div(sum, count(wide, axes, keepdims)), x);
    }

    static Tensor nanStd(Tensor x, int @Nullable [] axes, boolean keepdims) {
        return Primitives.unary(Unary.SQRT, nanVar(x, axes, keepdims));
    }

    private static Tensor wide(Tensor x) {
        return Primitives.cast(x, DTypes.result(DTypes.floating(x.dtype()), DType.FLOAT32));
    }

    private static Tensor narrow(Tensor y, Tensor like) {
        return Primitives.cast(y, DTypes.floating(like.dtype()));
    }

    /** -1 where there is nothing but NaN. */
    static Tensor nanArg(boolean max, Tensor x, @Nullable Integer axis, boolean keepdims) {
        if (!x.dtype().isFloating()) return Reductions.argReduce(max, x, axis, keepdims);
        double least = max ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        Tensor index = Reductions.argReduce(max, withoutNan(x, least), axis, keepdims);
        int @Nullable [] axes = axis == null ? null : new int[] {axis};
        Tensor nothing = Reductions.all(Primitives.unary(Unary.IS_NAN, x), axes, keepdims);
        return Arithmetic.where(nothing, -1, index);
    }

    // ---- quantiles --------------------------------------------------------------------------------------------------

    static Tensor median(Tensor x, int @Nullable [] axes, boolean keepdims, boolean ignoreNan) {
        if (axes != null && axes.length == 0) return Arithmetic.toFloat(x);
        Tensor half = Arithmetic.scalar(0.5, DTypes.floating(x.dtype()));
        return quantile(x, half, axes, "linear", keepdims, ignoreNan);
    }

    /**
     * Quantiles {@code q} (a scalar or a vector, from 0 to 1) of the values along the axes: q's axis comes first.
     * Methods: linear, lower, higher, midpoint, nearest (ties to even).
     */
    static Tensor quantile(
            Tensor x, Tensor q, int @Nullable [] axes, String method, boolean keepdims, boolean ignoreNan) {
        Tensor f = Arithmetic.toFloat(x);
        int[] all = Reductions.axes(f, axes);
        var last = new int[all.length];
        for (int i = 0; i < last.length; i++) last[i] = i - last.length;
        Tensor moved = Manipulation.moveaxis(f, all, last);
        Shape outer = moved.shape().slice(0, f.rank() - all.length);
        int n = (int) moved.shape().size(outer.rank(), f.rank());
        if (n == 0) throw new IllegalArgumentException("quantile of no elements: shape " + x.shape());
        Tensor rows = Primitives.reshape(moved, Shape.of(outer.size(), n));
        Tensor values = rowQuantiles(rows, Manipulation.reshape(Primitives.cast(q, f.dtype()), -1), method, ignoreNan);
        Shape reduced = f.shape();
        for (int axis : all) reduced = reduced.with(axis, 1);
        Shape shape = q.shape().concat(keepdims ? reduced : outer);
        return Primitives.reshape(Manipulation.swapaxes(values, 0, 1), shape);
    }

    /** Quantiles {@code q[k]} of each of {@code rows[m, n]}, giving {@code [m, k]}. */
    private static Tensor rowQuantiles(Tensor rows, Tensor q, String method, boolean ignoreNan) {
        int n = rows.shape().dim(1);
        Shape shape = Shape.of(rows.shape().dim(0), q.shape().dim(0));
        Tensor sorted = Indexing.sort(rows, 1, false).getFirst();
        int[] along = {1};
        Tensor missing = Primitives.unary(Unary.IS_NAN, rows);
        Tensor last = ignoreNan
                ? Elementwise.clip(Primitives.shift(count(rows, along, true), -1), 0, n - 1)
                : Primitives.full(n - 1, rows.dtype(), Shape.of(shape.dim(0), 1));
        Tensor place = Arithmetic.binary(Binary.MUL, last, q);
        Tensor low = Primitives.unary(Unary.FLOOR, place);
        Tensor high = Primitives.unary(Unary.CEIL, place);
        Tensor part = Primitives.sub(place, low);
        Tensor result = switch (method) {
            case "lower" -> pick(sorted, low);
            case "higher" -> pick(sorted, high);
            case "nearest" -> pick(sorted, Primitives.unary(Unary.ROUND, place));
            case "midpoint" -> Primitives.scale(Primitives.add(pick(sorted, low), pick(sorted, high)), 0.5);
            case "linear" -> {
                Tensor rest = Primitives.shift(Primitives.neg(part), 1);
                yield Primitives.add(Primitives.mul(pick(sorted, low), rest), Primitives.mul(pick(sorted, high), part));
            }
            default ->
                throw new IllegalArgumentException(
                        "quantile: unknown method \"" + method + "\"; known: higher, linear, lower, midpoint, nearest");
        };
        Tensor spoiled = ignoreNan ? Reductions.all(missing, along, true) : Reductions.any(missing, along, true);
        return Arithmetic.where(spoiled, Double.NaN, result);
    }

    private static Tensor pick(Tensor sorted, Tensor place) {
        return Indexing.takeAlongAxis(sorted, Primitives.cast(place, DType.INT32), 1);
    }
}
