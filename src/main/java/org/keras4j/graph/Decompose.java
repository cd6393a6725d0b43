package org.keras4j.graph;

import static org.keras4j.graph.Primitives.add;
import static org.keras4j.graph.Primitives.broadcast;
import static org.keras4j.graph.Primitives.div;
import static org.keras4j.graph.Primitives.mul;
import static org.keras4j.graph.Primitives.reshape;
import static org.keras4j.graph.Primitives.scale;
import static org.keras4j.graph.Primitives.shift;
import static org.keras4j.graph.Primitives.sub;
import static org.keras4j.graph.Primitives.sum;
import static org.keras4j.graph.Primitives.unary;

import java.util.List;
import org.keras4j.Shape;
import org.keras4j.op.Activation;
import org.keras4j.op.Fusion;
import org.keras4j.op.Ints;
import org.keras4j.op.Op;
import org.keras4j.op.Unary;

/** Writes the fused operations in primitives, for backends that have no kernel for them. */
public final class Decompose {
    private Decompose() {}

    /** Returns the results of {@code fusion} on {@code in} without fused operations. */
    public static List<Tensor> of(Fusion fusion, List<Tensor> in) {
        return switch (fusion) {
            case Fusion.SparseCrossentropy(boolean fromLogits, double epsilon) ->
                List.of(CrossentropyDecomposition.sparse(fromLogits, epsilon, in.get(0), in.get(1)));
            case Fusion.SparseCrossentropyGradient(boolean fromLogits, double epsilon) ->
                List.of(CrossentropyDecomposition.sparseGradient(fromLogits, epsilon, in.get(0), in.get(1), in.get(2)));
            case Fusion.LstmCell() -> CellDecomposition.lstm(in);
            case Fusion.LstmCellGradient() -> CellDecomposition.lstmGradient(in);
            case Fusion.GruCell() -> List.of(CellDecomposition.gru(in));
            case Fusion.GruCellGradient() -> CellDecomposition.gruGradient(in);
            case Fusion.Recurrence(Fusion.Cell cell, int reserve) -> RecurrenceDecomposition.forward(cell, reserve, in);
            case Fusion.RecurrenceGradient(Fusion.Cell cell, var _) -> RecurrenceDecomposition.gradient(cell, in);
            case Fusion.BatchNorm(double epsilon) -> BatchNormDecomposition.forward(epsilon, in);
            case Fusion.BatchNormGradient _ -> BatchNormDecomposition.gradient(in);
            case Fusion.Attention attention -> AttentionDecomposition.attend(attention, in);
            case Fusion.AttentionGradient(Fusion.Attention attention) -> AttentionDecomposition.gradient(attention, in);
            case Fusion.Softmax() -> List.of(softmax(in.getFirst()));
            case Fusion.LogSoftmax() -> List.of(logSoftmax(in.getFirst()));
            case Fusion.SoftmaxGradient() -> List.of(softmaxGradient(in.get(0), in.get(1)));
            case Fusion.LayerNorm(double epsilon) -> List.of(layerNorm(in.get(0), in.get(1), in.get(2), epsilon));
            case Fusion.DotEpilogue(Op.Dot dot, boolean bias, Activation activation) ->
                List.of(epilogue(Tensor.of(dot, in.get(0), in.get(1)), bias, activation, in));
            case Fusion.ConvEpilogue(Op.Conv conv, boolean bias, Activation activation) ->
                List.of(epilogue(Tensor.of(conv, in.get(0), in.get(1)), bias, activation, in));
        };
    }

    private static Tensor softmax(Tensor x) {
        Tensor e = unary(Unary.EXP, sub(x, maxLast(x)));
        return div(e, sumLast(e));
    }

    private static Tensor logSoftmax(Tensor x) {
        Tensor shifted = sub(x, maxLast(x));
        Tensor total = sum(unary(Unary.EXP, shifted), x.rank() - 1);
        return sub(shifted, broadcast(unary(Unary.LOG, total), x.shape()));
    }

    private static Tensor softmaxGradient(Tensor y, Tensor dy) {
        return mul(y, sub(dy, sumLast(mul(y, dy))));
    }

    private static Tensor layerNorm(Tensor x, Tensor gamma, Tensor beta, double epsilon) {
        Tensor scaled = mul(normalize(x, epsilon).z(), alongLast(gamma, x.shape()));
        return add(scaled, alongLast(beta, x.shape()));
    }

    private static Tensor epilogue(Tensor y, boolean bias, Activation activation, List<Tensor> in) {
        Tensor z = bias ? add(y, alongLast(in.get(2), y.shape())) : y;
        return switch (activation) {
            case LINEAR -> z;
            case RELU -> unary(Unary.RELU, z);
            case SIGMOID -> unary(Unary.SIGMOID, z);
            case TANH -> unary(Unary.TANH, z);
        };
    }

    /** x with mean 0 and variance 1 along the last axis, and what it was multiplied by; both of x's shape. */
    record Normalized(Tensor z, Tensor reciprocalDeviation) {}

    static Normalized normalize(Tensor x, double epsilon) {
        int last = x.rank() - 1;
        double share = 1.0 / x.shape().last();
        Tensor centred = sub(x, broadcast(scale(sum(x, last), share), x.shape()));
        Tensor variance = scale(sum(mul(centred, centred), last), share);
        Tensor factor = broadcast(unary(Unary.RSQRT, shift(variance, epsilon)), x.shape());
        return new Normalized(mul(centred, factor), factor);
    }

    /** Repeats v[n] over all rows of {@code shape}. */
    static Tensor alongLast(Tensor v, Shape shape) {
        int[] dims = Ints.repeat(1, shape.rank()).toArray();
        dims[dims.length - 1] = v.shape().size();
        return broadcast(reshape(v, Shape.of(dims)), shape);
    }

    private static Tensor maxLast(Tensor x) {
        return broadcast(Primitives.reduce(Op.Reduction.MAX, x, x.rank() - 1), x.shape());
    }

    private static Tensor sumLast(Tensor x) {
        return broadcast(sum(x, x.rank() - 1), x.shape());
    }
}
