package org.keras4j.metrics;

import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.graph.Tensor;
import org.keras4j.losses.Weights;
import org.keras4j.ops.K;

/** One weighted value for each sample, and the weights; null as weights means 1. */
record Samplewise(Tensor values, @Nullable Tensor weights) {
    /** Reduces all axes but the first of {@code values[batch, ...]}; weights may have fewer axes than values. */
    static Samplewise of(
            Tensor values, @Nullable Tensor weights, BiFunction<Tensor, int[], Tensor> reduce, DType dtype) {
        Tensor v = K.cast(values, dtype);
        Tensor w = weights == null ? null : Weights.masked(weights, values.mask(), dtype);
        if (w != null) {
            Weights.Pair fitted = Weights.sameRank(v, w);
            v = fitted.first();
            w = fitted.second();
            int rank = w.rank();
            if (v.rank() > rank) v = reduce.apply(v, axes(rank, v.rank()));
            w = K.broadcastTo(w, v.shape());
            v = K.multiply(v, w);
            if (rank > 1) w = reduce.apply(w, axes(1, rank));
        }
        if (v.rank() > 1) v = reduce.apply(v, axes(1, v.rank()));
        return new Samplewise(v, w);
    }

    private static int[] axes(int from, int to) {
        return IntStream.range(from, to).toArray();
    }
}
