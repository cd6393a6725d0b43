package org.keras4j.ops;

import java.util.List;
import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Scans;
import org.keras4j.graph.Tensor;

/**
 * Connectionist temporal classification (Graves et al. 2006): how likely a sequence of labels is under the class scores
 * of each step, whatever the alignment. A path goes through the labels with a blank before, between and after them.
 */
final class Ctc {
    /** The logarithm of a probability that does not matter; finite, so that no gradient becomes NaN. */
    private static final double NEVER = -1e5;

    private Ctc() {}

    /**
     * Returns the negative log-likelihood of each sample: {@code target[b, labels], output[b, steps, classes],
     * targetLength[b], outputLength[b] -> [b]}.
     */
    static Tensor loss(Tensor target, Tensor output, Tensor targetLength, Tensor outputLength, int blank) {
        if (target.rank() != 2 || output.rank() != 3 || target.shape().dim(0) != output.shape().dim(0))
            throw new IllegalArgumentException("ctcLoss: expected target of shape (batch, labels) and output of shape"
                    + " (batch, steps, classes), got " + target.shape() + " and " + output.shape());
        int batch = target.shape().dim(0);
        int states = 2 * target.shape().dim(1) + 1;
        int steps = output.shape().dim(1);
        DType dtype = DTypes.result(output.dtype(), DType.FLOAT32);
        Tensor labels = withBlanks(K.cast(target, DType.INT32), blank);
        Tensor scores = K.logSoftmax(K.cast(output, dtype), -1);
        Tensor index = K.broadcastTo(K.expandDims(labels, 1), Shape.of(batch, steps, states));
        Tensor emitted = K.transpose(K.takeAlongAxis(scores, index, 2), 1, 0, 2);
        Tensor skips = skippable(labels, blank);

        Tensor start = K.where(K.equal(K.arange(states), 0), K.zeros(Shape.of(batch, states), dtype), NEVER);
        Tensor lengths = K.expandDims(K.cast(outputLength, DType.INT32), 0);
        Tensor active = K.less(K.expandDims(K.arange(steps), 1), lengths);
        Tensor end = Scans.scan(steps, false, List.of(start), List.of(emitted, K.expandDims(active, -1)), (carried, in) -> {
                    Tensor alpha = carried.getFirst();
                    Tensor skipped = K.where(skips, shift(alpha, 2), NEVER);
                    Tensor reached = K.add(logSum(List.of(alpha, shift(alpha, 1), skipped)), in.getFirst());
                    return new Scans.Step(List.of(K.where(in.get(1), reached, alpha)), List.of());
                })
                .carried()
                .getFirst();
        return K.negative(likelihood(end, K.cast(targetLength, DType.INT32)));
    }

    /** A path ends in the last label or the blank after it. */
    private static Tensor likelihood(Tensor alpha, Tensor targetLength) {
        Tensor last = K.multiply(K.expandDims(targetLength, 1), 2);
        Tensor state = K.expandDims(K.arange(alpha.shape().dim(1)), 0);
        Tensor ends = K.logicalOr(K.equal(state, last), K.equal(state, K.subtract(last, 1)));
        return K.logsumexp(K.where(ends, alpha, Double.NEGATIVE_INFINITY), 1);
    }

    /** {@code [b, n] -> [b, 2 n + 1]}. */
    private static Tensor withBlanks(Tensor labels, int blank) {
        int batch = labels.shape().dim(0);
        int n = labels.shape().dim(1);
        Tensor blanks = K.full(Shape.of(batch, n), blank, DType.INT32);
        Tensor pairs = K.reshape(K.stack(List.of(blanks, labels), 2), batch, 2 * n);
        return K.concatenate(List.of(pairs, K.full(Shape.of(batch, 1), blank, DType.INT32)), 1);
    }

    /** Says which states can be reached from two before: labels that differ from the last one. */
    private static Tensor skippable(Tensor labels, int blank) {
        int states = labels.shape().dim(1);
        Tensor before = K.pad(labels, new int[][] {{0, 0}, {2, 0}}, "constant", blank);
        Tensor other = K.notEqual(labels, K.slice(before, 1, 0, states, 1));
        return K.logicalAnd(other, K.notEqual(labels, blank));
    }

    private static Tensor shift(Tensor alpha, int by) {
        int states = alpha.shape().dim(1);
        Tensor never = K.full(Shape.of(alpha.shape().dim(0), Math.min(by, states)), NEVER, alpha.dtype());
        if (by >= states) return K.slice(K.concatenate(List.of(never, alpha), 1), 1, 0, states, 1);
        return K.concatenate(List.of(never, K.slice(alpha, 1, 0, states - by, 1)), 1);
    }

    private static Tensor logSum(List<Tensor> logs) {
        Tensor most = logs.getFirst();
        for (Tensor t : logs) most = K.maximum(most, t);
        Tensor base = Primitives.stopGradient(most);
        Tensor sum = null;
        for (Tensor t : logs) {
            Tensor term = K.exp(K.subtract(t, base));
            sum = sum == null ? term : K.add(sum, term);
        }
        return K.add(base, K.log(sum));
    }
}
