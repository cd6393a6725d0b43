package org.keras4j.graph;

import static org.keras4j.graph.Primitives.broadcast;
import static org.keras4j.graph.Primitives.dot;
import static org.keras4j.graph.Primitives.full;
import static org.keras4j.graph.Primitives.reshape;
import static org.keras4j.graph.Primitives.scale;
import static org.keras4j.graph.Primitives.select;
import static org.keras4j.graph.Primitives.sub;
import static org.keras4j.graph.Primitives.sum;
import static org.keras4j.graph.Primitives.transpose;
import static org.keras4j.graph.Primitives.unary;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.op.Binary;
import org.keras4j.op.Fusion;
import org.keras4j.op.Op;
import org.keras4j.op.Unary;

/** Attention of heads in primitives: what the fused operations for it mean. */
final class AttentionDecomposition {
    /** The part of the greatest value that stands for minus infinity, so that something can be added to it. */
    private static final double MASKED = -0.7;

    private AttentionDecomposition() {}

    /** Returns y and the logarithms from q, k, v and perhaps the mask. */
    static List<Tensor> attend(Fusion.Attention attention, List<Tensor> in) {
        Tensor q = in.get(0);
        Tensor v = in.get(2);
        int heads = q.shape().dim(2);
        Tensor scores = dot(scale(matrices(q), attention.scale()), false, matrices(repeat(in.get(1), heads)), true);
        Tensor keep = keep(attention, in, scores.shape());
        Tensor seen =
                keep == null ? scores : select(keep, scores, full(lowest(scores), scores.dtype(), scores.shape()));
        Tensor weights = Primitives.fused(new Fusion.Softmax(), seen);
        if (keep != null && attention.zeroEmpty()) weights = select(keep, weights, Primitives.zeros(weights.spec()));
        Tensor y = dot(weights, false, matrices(repeat(v, heads)), false);
        Shape rows = Shape.of(q.shape().dim(0), heads, q.shape().dim(1));
        return List.of(
                transpose(reshape(y, rows.insert(3, v.shape().last())), 0, 2, 1, 3),
                transpose(reshape(logarithms(seen), rows), 0, 2, 1));
    }

    /** Returns log sum e^score of each row [n, t, s], +infinity if all are masked; float32 of scores of 16 bits. */
    private static Tensor logarithms(Tensor scores) {
        Tensor seen = wide(scores);
        Tensor max = Primitives.reduce(Op.Reduction.MAX, seen, 2);
        Tensor total = sum(unary(Unary.EXP, sub(seen, broadcast(max, seen.shape()))), 2);
        Tensor log = Primitives.add(unary(Unary.LOG, total), max);
        Tensor masked = Primitives.binary(Binary.EQUAL, max, full(lowest(scores), max.dtype(), max.shape()));
        return select(masked, full(Double.POSITIVE_INFINITY, log.dtype(), log.shape()), log);
    }

    private static Tensor wide(Tensor x) {
        return x.dtype().isNarrow() ? Primitives.cast(x, DType.FLOAT32) : x;
    }

    /** Returns dq, dk, dv from the inputs of the attention and dy; what else there is is not needed here. */
    static List<Tensor> gradient(Fusion.Attention attention, List<Tensor> in) {
        int own = in.size() - 4;
        List<@Nullable Tensor> all = FusedGradients.ofDecomposition(
                leaves -> attend(attention, leaves).subList(0, 1), in.subList(0, own), List.of(in.get(own + 2)));
        List<Tensor> gradients = new ArrayList<>();
        for (int i = 0; i < 3; i++) gradients.add(Objects.requireNonNull(all.get(i)));
        return gradients;
    }

    /** Returns the gradients for the inputs of the attention {@code y}, given those of its results. */
    static List<@Nullable Tensor> gradient(Fusion.Attention attention, Tensor y, List<Tensor> dys) {
        if (!(dys.get(1).op() instanceof Op.Full(double value, var _)) || value != 0)
            throw new IllegalArgumentException(attention + ": no gradient flows through the logarithms");
        Tensor dy = dys.getFirst();
        Tensor attended = Primitives.item(y, 0);
        Tensor products = Primitives.mul(wide(attended), wide(dy));
        Tensor log = Primitives.item(y, 1);
        Tensor d = FusedGradients.fused(
                new Fusion.AttentionGradient(attention),
                y.inputs(),
                List.of(attended, log, dy, reshape(sum(products, 3), log.shape())));
        List<@Nullable Tensor> gradients = new ArrayList<>();
        for (int i = 0; i < y.inputs().size(); i++) gradients.add(i < 3 ? Primitives.item(d, i) : null);
        return gradients;
    }

    /** Returns x[b, t, h, d] as matrices [b h, t, d]. */
    private static Tensor matrices(Tensor x) {
        Shape shape = x.shape();
        return reshape(transpose(x, 0, 2, 1, 3), Shape.of(shape.dim(0) * shape.dim(2), shape.dim(1), shape.last()));
    }

    /** Repeats each of the groups of x[b, s, g, d] so that there are {@code heads}. */
    private static Tensor repeat(Tensor x, int heads) {
        Shape shape = x.shape();
        int groups = shape.dim(2);
        if (groups == heads) return x;
        Shape wide = shape.insert(3, heads / groups);
        return reshape(broadcast(reshape(x, shape.insert(3, 1)), wide), shape.with(2, heads));
    }

    /** Returns which scores [b h, t, s] take part, or null if all do. */
    private static @Nullable Tensor keep(Fusion.Attention attention, List<Tensor> in, Shape scores) {
        Shape q = in.getFirst().shape();
        Shape all = Shape.of(q.dim(0), q.dim(2), scores.dim(1), scores.last());
        Tensor keep = attention.mask() ? reshape(broadcast(in.get(3), all), scores) : null;
        if (!attention.causal()) return keep;
        Shape square = Shape.of(1, scores.dim(1), scores.last());
        Tensor earlier = Primitives.binary(
                Binary.LESS_EQUAL, Primitives.iota(2, DType.INT32, square), Primitives.iota(1, DType.INT32, square));
        Tensor wide = broadcast(earlier, scores);
        return keep == null ? wide : Primitives.binary(Binary.LOGICAL_AND, keep, wide);
    }

    /** Returns a number of the scores' type, also where it is then compared in a wider one. */
    private static double lowest(Tensor scores) {
        double greatest = switch (scores.dtype()) {
            case FLOAT64 -> Double.MAX_VALUE;
            case FLOAT16 -> 65504;
            default -> Float.MAX_VALUE;
        };
        return scores.dtype().round(MASKED * greatest);
    }
}
