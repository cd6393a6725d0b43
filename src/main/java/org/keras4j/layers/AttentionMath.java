package org.keras4j.layers;

import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.op.Binary;
import org.keras4j.op.Ints;
import org.keras4j.ops.K;

/**
 * Products of scaled dot-product attention over any axes of tensors {@code (batch..., heads, size)}. The axes that are
 * attended over become one, all others one batch axis, so that each step is one batched matrix product.
 */
final class AttentionMath {
    private final int[] axes;
    private final int[] order;
    private final int batch;

    /** Takes the attended axes of tensors of {@code rank} axes, the last two of which are heads and size. */
    AttentionMath(int rank, int[] axes) {
        this.axes = axes.clone();
        this.order = new int[rank];
        var attended = Ints.of(axes);
        int at = 0;
        for (int i = 0; i < rank - 1; i++) if (!attended.contains(i)) order[at++] = i;
        batch = at;
        for (int axis : axes) order[at++] = axis;
        order[at] = rank - 1;
    }

    /** Returns the scores {@code (batch..., heads, query axes..., key axes...)}. */
    Tensor scores(Tensor query, Tensor key) {
        Tensor q = Primitives.transpose(query, order);
        Tensor k = Primitives.transpose(key, order);
        Tensor product = Primitives.dot(matrices(q), false, matrices(k), true);
        return Primitives.reshape(product, attended(q.shape()).concat(k.shape().slice(batch, k.rank() - 1)));
    }

    /** Returns the weighted sums of {@code value}, shaped like the query with the value's size. */
    Tensor combine(Tensor weights, Tensor value) {
        Tensor v = Primitives.transpose(value, order);
        Tensor mv = matrices(v);
        int queries = Math.toIntExact(weights.shape().size(batch, batch + axes.length));
        Tensor mw = Primitives.reshape(
                weights, Shape.of(mv.shape().dim(0), queries, mv.shape().dim(1)));
        Tensor product = Primitives.dot(mw, false, mv, false);
        Shape shape = weights.shape()
                .slice(0, batch + axes.length)
                .insert(-1, v.shape().last());
        var inverse = new int[order.length];
        for (int i = 0; i < order.length; i++) inverse[order[i]] = i;
        return Primitives.transpose(Primitives.reshape(product, shape), inverse);
    }

    private Tensor matrices(Tensor x) {
        int outer = Math.toIntExact(x.shape().size(0, batch));
        int rows = Math.toIntExact(x.shape().size(batch, x.rank() - 1));
        return Primitives.reshape(x, Shape.of(outer, rows, x.shape().last()));
    }

    private Shape attended(Shape x) {
        return x.slice(0, x.rank() - 1);
    }

    /**
     * Returns the softmax over the key axes, with nothing where {@code mask} is false and 0 in rows without any true.
     */
    Tensor softmax(Tensor scores, @Nullable Tensor mask, boolean zeroMasked) {
        Tensor test = mask == null ? null : K.broadcastTo(spread(mask, scores), scores.shape());
        Tensor seen = test == null ? scores : K.where(test, scores, zeroMasked ? low(scores) : lowest(scores));
        int keys = Math.toIntExact(scores.shape().size(scores.rank() - axes.length, scores.rank()));
        Shape flat = scores.shape().slice(0, scores.rank() - axes.length).insert(-1, keys);
        Tensor weights = Primitives.reshape(K.softmax(Primitives.reshape(seen, flat), -1), scores.shape());
        return test == null || !zeroMasked ? weights : K.where(test, weights, 0.0);
    }

    private static double low(Tensor scores) {
        return scores.dtype() == DType.FLOAT16 ? -3e4 : -1e9;
    }

    /** Leaves room to add something to it without an overflow. */
    private static double lowest(Tensor scores) {
        return -0.7
                * switch (scores.dtype()) {
                    case FLOAT64 -> Double.MAX_VALUE;
                    case FLOAT16 -> 65504;
                    default -> Float.MAX_VALUE;
                };
    }

    /** Gives the mask the axes of the scores that it lacks, before its query axes. */
    Tensor spread(Tensor mask, Tensor scores) {
        Shape shape = mask.shape();
        while (shape.rank() < scores.rank()) shape = shape.insert(Math.max(0, shape.rank() - 2 * axes.length), 1);
        return Primitives.reshape(mask, shape);
    }

    /** Returns bool {@code (1, queries, keys)}: whether the key comes no later than the query. */
    static Tensor causal(int queries, int keys) {
        Shape shape = Shape.of(1, queries, keys);
        return Primitives.binary(
                Binary.GREATER_EQUAL, Primitives.iota(1, DType.INT32, shape), Primitives.iota(2, DType.INT32, shape));
    }

    /** Returns bool {@code (1, queries, keys)}: whether key and query are less than {@code size} steps apart. */
    static Tensor window(int queries, int keys, int size) {
        Shape shape = Shape.of(1, queries, keys);
        Tensor distance =
                Primitives.sub(Primitives.iota(1, DType.INT32, shape), Primitives.iota(2, DType.INT32, shape));
        return K.less(K.abs(distance), size);
    }
}
