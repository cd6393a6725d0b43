package org.keras4j.graph;

import static org.keras4j.graph.Decompose.alongLast;
import static org.keras4j.graph.Primitives.add;
import static org.keras4j.graph.Primitives.broadcast;
import static org.keras4j.graph.Primitives.cast;
import static org.keras4j.graph.Primitives.mul;
import static org.keras4j.graph.Primitives.neg;
import static org.keras4j.graph.Primitives.reshape;
import static org.keras4j.graph.Primitives.scale;
import static org.keras4j.graph.Primitives.shift;
import static org.keras4j.graph.Primitives.sub;
import static org.keras4j.graph.Primitives.sum;
import static org.keras4j.graph.Primitives.unary;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.op.Fusion;
import org.keras4j.op.Unary;

/** The normalization of batches in primitives: what the fused operations for it mean. */
final class BatchNormDecomposition {
    private BatchNormDecomposition() {}

    /** Returns y, mean, variance, d from x, gamma, beta. */
    static List<Tensor> forward(double epsilon, List<Tensor> in) {
        Tensor x = wide(in.get(0));
        Shape channels = in.get(1).shape();
        double share = 1.0 / rows(x);
        Tensor mean = scale(sum(x, axes(x)), share);
        Tensor centred = sub(x, broadcast(mean, x.shape()));
        Tensor variance = reshape(scale(sum(mul(centred, centred), axes(x)), share), channels);
        Tensor d = unary(Unary.RSQRT, shift(variance, epsilon));
        Tensor factor = mul(d, in.get(1));
        Tensor summand = add(neg(mul(reshape(mean, channels), factor)), in.get(2));
        Tensor y = add(mul(x, alongLast(factor, x.shape())), alongLast(summand, x.shape()));
        return List.of(cast(y, in.get(0).dtype()), reshape(mean, channels), variance, d);
    }

    /**
     * Returns dx, dgamma, dbeta from x, gamma, mean, d, dy: with {@code z = (x - mean) d} and m rows,
     * {@code dx = gamma d (dy - dbeta / m - z dgamma / m)}.
     */
    static List<Tensor> gradient(List<Tensor> in) {
        Tensor x = wide(in.get(0));
        Tensor gamma = in.get(1);
        Tensor d = in.get(3);
        Tensor dy = wide(in.get(4));
        Tensor z = mul(sub(x, alongLast(in.get(2), x.shape())), alongLast(d, x.shape()));
        Tensor dbeta = reshape(sum(dy, axes(x)), gamma.shape());
        Tensor dgamma = reshape(sum(mul(dy, z), axes(x)), gamma.shape());
        double share = 1.0 / rows(x);
        Tensor centred = sub(dy, alongLast(scale(dbeta, share), x.shape()));
        Tensor turned = sub(centred, mul(z, alongLast(scale(dgamma, share), x.shape())));
        Tensor dx = mul(turned, alongLast(mul(gamma, d), x.shape()));
        return List.of(cast(dx, in.get(0).dtype()), dgamma, dbeta);
    }

    /** Returns the gradients for x, gamma, beta; those that come through the statistics have no fused form. */
    static List<@Nullable Tensor> gradientOf(double epsilon, Tensor y, List<Tensor> dys) {
        for (Tensor d : dys.subList(1, dys.size()))
            if (!Primitives.isFull(d, 0))
                return FusedGradients.ofDecomposition(new Fusion.BatchNorm(epsilon), y.inputs(), dys);
        Tensor all = Primitives.fused(
                new Fusion.BatchNormGradient(epsilon),
                y.input(0),
                y.input(1),
                Primitives.item(y, 1),
                Primitives.item(y, 3),
                dys.getFirst());
        return Arrays.asList(Primitives.item(all, 0), Primitives.item(all, 1), Primitives.item(all, 2));
    }

    /** Returns 16-bit elements in the statistics' type. */
    private static Tensor wide(Tensor x) {
        return x.dtype().isNarrow() ? cast(x, DType.FLOAT32) : x;
    }

    private static int[] axes(Tensor x) {
        return IntStream.range(0, x.rank() - 1).toArray();
    }

    private static long rows(Tensor x) {
        return Math.max(1, x.shape().size(0, x.rank() - 1));
    }
}
