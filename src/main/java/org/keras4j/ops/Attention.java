package org.keras4j.ops;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.op.Binary;
import org.keras4j.op.Fusion;

/** Scaled dot-product attention. */
final class Attention {
    /** Part of the greatest finite value that stands for minus infinity, so that sums with it stay finite. */
    private static final double MASKED = -0.7;

    private Attention() {}

    /**
     * Query {@code [batch, t, heads, size]}; key and value {@code [batch, s, groups, size]}, heads a multiple of
     * groups. Bias and mask (true: takes part) broadcast to {@code [batch, heads, t, s]}.
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
        Tensor k = Primitives.cast(key, wide);
        Tensor v = Primitives.cast(value, wide);
        Tensor keep = mask == null ? null : leading(Primitives.cast(mask, DType.BOOL));
        double factor = scale == null ? 1 / Math.sqrt(query.shape().last()) : scale;
        Tensor result = bias == null && keys(key) > 0
                ? fused(q, k, v, keep, factor, causal)
                : explicit(
                        q,
                        Manipulation.repeat(k, heads / groups, (Integer) 2),
                        Manipulation.repeat(v, heads / groups, (Integer) 2),
                        bias,
                        keep,
                        factor,
                        causal);
        return Primitives.cast(result, dtype);
    }

    private static int keys(Tensor key) {
        return key.shape().dim(1);
    }

    private static Tensor fused(Tensor q, Tensor k, Tensor v, @Nullable Tensor mask, double scale, boolean causal) {
        var fusion = new Fusion.Attention(scale, causal, mask != null, false);
        Tensor both = mask == null ? Primitives.fused(fusion, q, k, v) : Primitives.fused(fusion, q, k, v, mask);
        return Primitives.item(both, 0);
    }

    /** With a bias the scores are made one and all, because the bias wants a gradient for each. */
    private static Tensor explicit(
            Tensor q, Tensor k, Tensor v, @Nullable Tensor bias, @Nullable Tensor mask, double scale, boolean causal) {
        Tensor logits = Primitives.scale(Einsum.einsum("btnh,bsnh->bnts", List.of(q, k)), scale);
        if (bias != null) logits = Arithmetic.binary(Binary.ADD, logits, Primitives.cast(bias, logits.dtype()));
        if (mask != null) logits = masked(logits, mask);
        if (causal) {
            Shape square = Shape.of(logits.shape().dim(2), logits.shape().dim(3));
            logits = masked(logits, Indexing.diagonalTest(Binary.LESS_EQUAL, square, 0));
        }
        return Einsum.einsum("bnts,bsnh->btnh", List.of(ActivationFunctions.softmax(logits, -1), v));
    }

    /** Gives the mask the leading axes that it lacks. */
    private static Tensor leading(Tensor mask) {
        Shape shape = mask.shape();
        while (shape.rank() < 4) shape = shape.insert(0, 1);
        return Primitives.reshape(mask, shape);
    }

    private static Tensor masked(Tensor logits, Tensor keep) {
        double low = MASKED * (logits.dtype() == DType.FLOAT64 ? Double.MAX_VALUE : Float.MAX_VALUE);
        return Arithmetic.where(keep, logits, low);
    }
}
