package org.keras4j.graph;

import static org.keras4j.graph.Primitives.add;
import static org.keras4j.graph.Primitives.binary;
import static org.keras4j.graph.Primitives.broadcast;
import static org.keras4j.graph.Primitives.div;
import static org.keras4j.graph.Primitives.full;
import static org.keras4j.graph.Primitives.neg;
import static org.keras4j.graph.Primitives.reshape;
import static org.keras4j.graph.Primitives.select;
import static org.keras4j.graph.Primitives.sub;
import static org.keras4j.graph.Primitives.sum;
import static org.keras4j.graph.Primitives.unary;
import static org.keras4j.graph.Primitives.zeros;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.op.Binary;
import org.keras4j.op.Fusion;
import org.keras4j.op.Op;
import org.keras4j.op.Unary;

/** Cross-entropy with class numbers as labels in primitives: what the fused operations for it mean. */
final class CrossentropyDecomposition {
    private CrossentropyDecomposition() {}

    /** Returns the loss of each row of p[m, n]. */
    static Tensor sparse(boolean fromLogits, double epsilon, Tensor p, Tensor label) {
        int rows = p.shape().dim(0);
        int classes = p.shape().last();
        Tensor index = clip(label, 0, classes - 1);
        Tensor start = Primitives.scale(Primitives.iota(0, DType.INT32, label.shape()), classes);
        Tensor all = reshape(p, Shape.of(rows * classes));
        Tensor picked = Primitives.gather(all, add(start, index), 0);
        Tensor loss;
        if (fromLogits) {
            Tensor max = Primitives.stopGradient(Primitives.reduce(Op.Reduction.MAX, p, 1));
            Tensor finite = select(unary(Unary.IS_FINITE, max), max, zeros(max.spec()));
            Tensor total = sum(unary(Unary.EXP, sub(p, broadcast(finite, p.shape()))), 1);
            loss = sub(reshape(add(unary(Unary.LOG, total), finite), label.shape()), picked);
        } else {
            Tensor share = div(picked, reshape(sum(p, 1), label.shape()));
            loss = neg(unary(Unary.LOG, clip(share, epsilon, 1 - epsilon)));
        }
        return select(binary(Binary.EQUAL, index, label), loss, zeros(loss.spec()));
    }

    static Tensor sparseGradient(boolean fromLogits, double epsilon, Tensor p, Tensor label, Tensor dy) {
        var loss = new Fusion.SparseCrossentropy(fromLogits, epsilon);
        List<@Nullable Tensor> gradients = FusedGradients.ofDecomposition(loss, List.of(p, label), List.of(dy));
        return Objects.requireNonNull(gradients.getFirst());
    }

    private static Tensor clip(Tensor x, double low, double high) {
        Tensor up = binary(Binary.MAX, x, full(low, x.dtype(), x.shape()));
        return binary(Binary.MIN, up, full(high, x.dtype(), x.shape()));
    }
}
