package org.keras4j.graph;

import static org.keras4j.graph.Primitives.mul;
import static org.keras4j.graph.Primitives.scale;
import static org.keras4j.graph.Primitives.sub;
import static org.keras4j.graph.Primitives.sum;
import static org.keras4j.graph.Primitives.unary;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.keras4j.op.Fusion;
import org.keras4j.op.Unary;

/** Gradients of the fused operations that users' calls make. */
final class FusedGradients {
    private FusedGradients() {}

    /** Returns the gradient for each input of {@code y}, given one for each result. */
    static List<@Nullable Tensor> of(Fusion fusion, Tensor y, List<Tensor> dys) {
        Tensor dy = dys.getFirst();
        return switch (fusion) {
            case Fusion.Softmax() -> Gradients.list(Primitives.fused(new Fusion.SoftmaxGradient(), y, dy));
            case Fusion.LogSoftmax() -> Gradients.list(sub(dy, mul(unary(Unary.EXP, y), sumLast(dy))));
            case Fusion.SoftmaxGradient() -> softmaxGradient(y.input(0), y.input(1), dy);
            case Fusion.LayerNorm(double epsilon) -> layerNorm(epsilon, y, dy);
            case Fusion.LstmCell() -> {
                Tensor d = fused(new Fusion.LstmCellGradient(), y.inputs(), dys);
                Tensor dz = Primitives.item(d, 0); // one tensor for both, so that a loop keeps it once
                yield Gradients.list(dz, dz, Primitives.item(d, 1));
            }
            case Fusion.GruCell() -> {
                Tensor d = fused(new Fusion.GruCellGradient(), y.inputs(), dys);
                yield Gradients.list(Primitives.item(d, 0), Primitives.item(d, 1), Primitives.item(d, 2));
            }
            case Fusion.SparseCrossentropy(boolean fromLogits, double epsilon) ->
                Gradients.list(
                        fused(new Fusion.SparseCrossentropyGradient(fromLogits, epsilon), y.inputs(), dys), null);
            case Fusion.Recurrence(Fusion.Cell cell, int reserve) ->
                RecurrenceDecomposition.gradientOf(cell, reserve, y, dys);
            case Fusion.BatchNorm(double epsilon) -> BatchNormDecomposition.gradientOf(epsilon, y, dys);
            case Fusion.LstmCellGradient _,
                    Fusion.GruCellGradient _,
                    Fusion.SparseCrossentropyGradient _,
                    Fusion.RecurrenceGradient _,
                    Fusion.BatchNormGradient _,
                    Fusion.AttentionGradient _ -> ofDecomposition(fusion, y.inputs(), dys);
            case Fusion.Attention attention -> AttentionDecomposition.gradient(attention, y, dys);
            case Fusion.DotEpilogue _, Fusion.ConvEpilogue _ ->
                throw new IllegalStateException(fusion + " is made by the planner, after differentiation");
        };
    }

    /**
     * Differentiates what the operation is made of. Leaves stand in for the inputs: these may depend on each other, and
     * primitives look through them (a reshape of a reshape is one), past the tensor that is asked for.
     */
    static List<@Nullable Tensor> ofDecomposition(Fusion fusion, List<Tensor> inputs, List<Tensor> dys) {
        return ofDecomposition(leaves -> Decompose.of(fusion, leaves), inputs, dys);
    }

    static List<@Nullable Tensor> ofDecomposition(
            UnaryOperator<List<Tensor>> decomposition, List<Tensor> inputs, List<Tensor> dys) {
        List<Tensor> leaves = new ArrayList<>();
        Map<Tensor, Tensor> meant = new IdentityHashMap<>();
        for (Tensor t : inputs) {
            Tensor leaf = Primitives.input("input", t.dtype(), t.shape());
            leaves.add(leaf);
            meant.put(leaf, t);
        }
        List<@Nullable Tensor> gradients = new ArrayList<>();
        for (Tensor d : Gradients.of(decomposition.apply(leaves), dys, leaves))
            gradients.add(d == null ? null : Graph.substitute(List.of(d), meant).getFirst());
        return gradients;
    }

    static Tensor fused(Fusion fusion, List<Tensor> inputs, List<Tensor> cotangents) {
        List<Tensor> all = new ArrayList<>(inputs);
        all.addAll(cotangents);
        return Primitives.fused(fusion, all.toArray(Tensor[]::new));
    }

    /** The result is p * (d - sum(p * d)). */
    private static List<@Nullable Tensor> softmaxGradient(Tensor p, Tensor d, Tensor g) {
        Tensor dp = sub(mul(g, sub(d, sumLast(mul(p, d)))), mul(d, sumLast(mul(g, p))));
        return Gradients.list(dp, Primitives.fused(new Fusion.SoftmaxGradient(), p, g));
    }

    /** With z the normalised x and dz = dy * gamma: dx = (dz - mean(dz) - z mean(z dz)) / deviation. */
    private static List<@Nullable Tensor> layerNorm(double epsilon, Tensor y, Tensor dy) {
        Tensor x = y.input(0);
        Tensor gamma = y.input(1);
        Decompose.Normalized normalized = Decompose.normalize(x, epsilon);
        Tensor z = normalized.z();
        Tensor dz = mul(dy, Decompose.alongLast(gamma, x.shape()));
        Tensor centred = sub(dz, Gradients.like(mean(dz), dz));
        Tensor dx = mul(sub(centred, mul(z, Gradients.like(mean(mul(z, dz)), z))), normalized.reciprocalDeviation());
        int[] rows = IntStream.range(0, x.rank() - 1).toArray();
        Tensor dgamma = Primitives.reshape(sum(mul(dy, z), rows), gamma.shape());
        Tensor dbeta = Primitives.reshape(sum(dy, rows), y.input(2).shape());
        return Gradients.list(dx, dgamma, dbeta);
    }

    private static Tensor mean(Tensor x) {
        return scale(sum(x, x.rank() - 1), 1.0 / x.shape().last());
    }

    private static Tensor sumLast(Tensor x) {
        return Gradients.like(sum(x, x.rank() - 1), x);
    }
}
