package org.keras4j.losses;

import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;

/** How sample weights and masks fit the values that they weigh; shared by losses and metrics. */
public final class Weights {
    private Weights() {}

    /** Two tensors of (mostly) one rank. */
    public record Pair(Tensor first, Tensor second) {}

    /** Expands or squeezes a last axis of size 1 where ranks differ by one, so that shapes fit. */
    public static Pair sameRank(Tensor a, Tensor b) {
        return sameRank(a, b, true);
    }

    /** As above; if {@code expandRank1}, a vector becomes a column rather than that a column becomes a vector. */
    public static Pair sameRank(Tensor a, Tensor b, boolean expandRank1) {
        if (a.rank() == b.rank() + 1 && a.shape().last() == 1)
            return b.rank() == 1 && expandRank1 ? new Pair(a, K.expandDims(b, -1)) : new Pair(K.squeeze(a, -1), b);
        if (b.rank() == a.rank() + 1 && b.shape().last() == 1)
            return a.rank() == 1 && expandRank1 ? new Pair(K.expandDims(a, -1), b) : new Pair(a, K.squeeze(b, -1));
        return new Pair(a, b);
    }

    /** Returns sample weights that are zero where the mask is false; null if there is neither. */
    public static @Nullable Tensor masked(@Nullable Tensor weights, @Nullable Tensor mask, DType dtype) {
        return masked(weights, mask == null ? null : K.cast(mask, dtype), dtype, false);
    }

    /** Keeps the mean over all elements equal to one over those that the mask lets through. */
    static @Nullable Tensor maskedMean(@Nullable Tensor weights, @Nullable Tensor mask, DType dtype) {
        return masked(weights, mask == null ? null : K.cast(mask, dtype), dtype, true);
    }

    private static @Nullable Tensor masked(
            @Nullable Tensor weights, @Nullable Tensor mask, DType dtype, boolean keepMean) {
        Tensor given = weights == null ? null : K.cast(weights, dtype);
        if (mask == null) return given;
        Tensor factor = mask;
        if (keepMean) {
            double total = mask.shape().size();
            factor = K.multiply(mask, divideNoNan(K.fullLike(K.sum(mask), total), K.sum(mask)));
        }
        if (given == null) return factor;
        Pair fitted = sameRank(factor, given);
        return K.multiply(fitted.second(), fitted.first());
    }

    /** Returns {@code a / b}, and 0 where b is 0. */
    public static Tensor divideNoNan(Tensor a, Tensor b) {
        Tensor zero = K.equal(b, 0);
        return K.where(zero, 0.0, K.divide(a, K.where(zero, 1.0, b)));
    }
}
