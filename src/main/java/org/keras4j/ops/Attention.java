package org.keras4j.ops;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.op.Binary;

/** Scaled dot-product attention. */
final class Attention {
    /** Part of the greatest finite value that stands for minus infinity, so that sums with it stay finite. */
    private static final double MASKED = -0.7;

    private Attention() {}

    /**
     * Query {@code [batch, t, heads, size]}; key and value {@code [batch, s, groups, size]}, heads a multiple of groups.
     * Bias and mask (true: takes part) broadcast to {@code [batch, heads, t, s]}.
     */
    static Tensor attend(
            Tensor query,
            Tensor key,
            Tensor value,
            @Nullable Tensor bias,
            @Nullable Tensor mask,
            @Nullable Double scale,
            boolean causal) {
        if (query.rank() != 4 || key.rank() != 4 || value.rank() != 4)
            throw new IllegalArgumentException("dotProductAttention: expected query, key, value with 4 axes, got "
                    + query.shape() + ", " + key.shape() + ", " + value.shape());
        int heads = query.shape().dim(2);
        int groups = key.shape().dim(2);
        if (groups == 0 || heads % groups != 0)
            throw new IllegalArgumentException(
                    "dotProductAttention: " + heads + " query heads are no multiple of " + groups + " key heads");
        DType dtype = DTypes.result(query.dtype(), key.dtype(), value.dtype());
        DType wide = DTypes.result(DTypes.floating(dtype), DType.FLOAT32);
        Tensor q = Primitives.cast(query, wide);
        Tensor k = Primitives.cast(Shaping.repeat(key, heads / groups, (Integer) 2), wide);
        Tensor v = Primitives.cast(Shaping.repeat(value, heads / groups, (Integer) 2), wide);
        double factor = scale == null ? 1 / Math.sqrt(query.shape().last()) : scale;
        Tensor logits = Primitives.scale(Einsum.einsum("btnh,bsnh->bnts", List.of(q, k)), factor);
        if (bias != null) logits = Arithmetic.binary(Binary.ADD, logits, Primitives.cast(bias, wide));
        if (mask != null) logits = masked(logits, Primitives.cast(mask, DType.BOOL));
        if (causal) {
            Shape square = Shape.of(logits.shape().dim(2), logits.shape().dim(3));
            logits = masked(logits, Indexing.diagonalTest(Binary.LESS_EQUAL, square, 0));
        }
        Tensor weights = Nonlinear.softmax(logits, -1);
        return Primitives.cast(Einsum.einsum("bnts,bsnh->btnh", List.of(weights, v)), dtype);
    }

    private static Tensor masked(Tensor logits, Tensor keep) {
        double low = MASKED * (logits.dtype() == DType.FLOAT64 ? Double.MAX_VALUE : Float.MAX_VALUE);
        return Arithmetic.where(keep, logits, low);
    }
}
