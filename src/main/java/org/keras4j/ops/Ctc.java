package org.keras4j.ops;

import java.util.List;
import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Scans;
import org.keras4j.graph.Tensor;
import org.keras4j.op.Binary;
import org.keras4j.op.Op;
import org.keras4j.op.Unary;

/** Connectionist temporal classification: Graves et al. 2006. */
final class Ctc {
    /** The logarithm that stands for probability 0; finite, so that impossible targets have a finite loss. */
    private static final double NEVER = -1e5;

    private Ctc() {}

    /**
     * The negative logarithm of the probability of each target {@code [batch, labels]} under logits
     * {@code [batch, time, classes]}; lengths {@code [batch]}; {@code blank} is the class between labels.
     */
    static Tensor loss(Tensor target, Tensor output, Tensor targetLength, Tensor outputLength, int blank) {
        if (target.rank() != 2
                || output.rank() != 3
                || target.shape().dim(0) != output.shape().dim(0))
            throw new IllegalArgumentException("ctc_loss: expected target [batch, labels] and output"
                    + " [batch, time, classes], got " + target.shape() + " and " + output.shape());
        DType dtype = DTypes.result(DTypes.floating(output.dtype()), DType.FLOAT32);
        Tensor log = ActivationFunctions.logSoftmax(Primitives.cast(output, dtype), -1);
        int batch = target.shape().dim(0);
        int states = 2 * target.shape().dim(1) + 1;
        Tensor labels = withBlanks(Primitives.cast(target, DType.INT32), blank);
        Tensor emitted = Indexing.takeAlongAxis(log, Manipulation.expandDims(labels, 1), 2);
        Tensor skips = skippable(labels, blank);
        Tensor start = Creation.array(startValues(states), dtype, Shape.of(1, states));
        Tensor first = Primitives.broadcast(start, Shape.of(batch, states));
        int steps = output.shape().dim(1);
        Tensor over = Arithmetic.binary(
                Binary.GREATER_EQUAL,
                Primitives.iota(0, DType.INT32, Shape.of(steps, batch)),
                Primitives.cast(outputLength, DType.INT32));
        Scans.Result result = Scans.scan(
                steps, false, List.of(first), List.of(Manipulation.swapaxes(emitted, 0, 1), over), (carried, step) -> {
                    Tensor next = advance(carried.getFirst(), step.get(0), skips);
                    Tensor stopped = Manipulation.expandDims(step.get(1), -1);
                    return new Scans.Step(List.of(Arithmetic.where(stopped, carried.getFirst(), next)), List.of());
                });
        return ending(result.carried().getFirst(), Primitives.cast(targetLength, DType.INT32));
    }

    private static double[] startValues(int states) {
        var values = new double[states];
        for (int i = 1; i < states; i++) values[i] = NEVER;
        return values;
    }

    /** Puts a blank before, between and after the labels. */
    private static Tensor withBlanks(Tensor target, int blank) {
        Tensor blanks = Arithmetic.fullLike(target, blank);
        Tensor pairs = Manipulation.stack(List.of(blanks, target), 2);
        Tensor woven = Primitives.reshape(
                pairs, Shape.of(target.shape().dim(0), 2 * target.shape().dim(1)));
        return Primitives.concatenate(
                List.of(
                        woven,
                        Primitives.full(
                                blank, DType.INT32, Shape.of(target.shape().dim(0), 1))),
                1);
    }

    /**
     * Says which states may follow the one two before: labels that are not the same again. A label that is the blank's
     * class is a label like the others, as in Keras.
     */
    private static Tensor skippable(Tensor labels, int blank) {
        Tensor different = Primitives.binary(Binary.NOT_EQUAL, labels, moved(labels, 2, blank));
        int states = labels.shape().dim(1);
        var odd = new double[states];
        for (int i = 1; i < states; i += 2) odd[i] = 1;
        Tensor places = Primitives.broadcast(Creation.array(odd, DType.BOOL, Shape.of(1, states)), labels.shape());
        return Arithmetic.logical(Binary.LOGICAL_AND, different, places);
    }

    /** Moves the columns to the right by {@code by}. */
    private static Tensor moved(Tensor x, int by, double fill) {
        int n = x.shape().dim(1);
        Shape front = x.shape().with(1, Math.min(by, n));
        Tensor kept = Primitives.slice(x, 1, 0, Math.max(0, n - by));
        return Primitives.concatenate(List.of(Primitives.full(fill, x.dtype(), front), kept), 1);
    }

    private static Tensor advance(Tensor alpha, Tensor log, Tensor skips) {
        Tensor one = moved(alpha, 1, NEVER);
        Tensor two = Arithmetic.where(skips, moved(alpha, 2, NEVER), NEVER);
        Tensor sum = Elementwise.logaddexp(Elementwise.logaddexp(alpha, one, Math.E), two, Math.E);
        return Primitives.add(sum, log);
    }

    /** A sequence ends with its last label or the blank after it. */
    private static Tensor ending(Tensor alpha, Tensor lengths) {
        Tensor last = Manipulation.expandDims(Primitives.scale(lengths, 2), -1);
        Tensor blank = Indexing.takeAlongAxis(alpha, last, 1);
        Tensor place = Primitives.binary(Binary.MAX, Primitives.shift(last, -1), Arithmetic.fullLike(last, 0));
        Tensor empty = Arithmetic.test(Binary.EQUAL, last, 0);
        Tensor label = Arithmetic.where(empty, NEVER, Indexing.takeAlongAxis(alpha, place, 1));
        return Manipulation.squeeze(Primitives.neg(Elementwise.logaddexp(blank, label, Math.E)), -1);
    }

    /**
     * The most probable class of each step, without blanks and, if {@code merge}, without what comes again at once:
     * {@code [1, batch, time]} filled up with -1, and the negative sum of the greatest inputs {@code [batch, 1]}.
     */
    static List<Tensor> greedy(Tensor inputs, Tensor lengths, boolean merge, int blank) {
        DType dtype = DTypes.result(DTypes.floating(inputs.dtype()), DType.FLOAT32);
        Tensor logits = Primitives.cast(inputs, dtype);
        int batch = inputs.shape().dim(0);
        int time = inputs.shape().dim(1);
        Shape shape = Shape.of(batch, time);
        Tensor steps = Primitives.iota(1, DType.INT32, shape);
        Tensor over = Arithmetic.binary(
                Binary.GREATER_EQUAL, steps, Manipulation.expandDims(Primitives.cast(lengths, DType.INT32), -1));
        Tensor best = Arithmetic.where(over, blank, Reductions.argReduce(true, logits, -1, false));
        Tensor score = Arithmetic.where(over, 0.0, Reductions.max(logits, new int[] {-1}, false, null));
        if (merge) {
            Tensor again = Primitives.binary(Binary.EQUAL, best, moved(best, 1, -1));
            best = Arithmetic.where(again, blank, best);
        }
        Tensor none = Arithmetic.test(Binary.EQUAL, best, blank);
        Tensor marked = Arithmetic.where(none, -1, best);
        Tensor order = Tensor.of(new Op.Sort(1, false), Arithmetic.where(none, time, steps));
        Tensor labels = Indexing.takeAlongAxis(marked, Primitives.item(order, 1), 1);
        Tensor sum = Primitives.unary(Unary.NEG, Reductions.sum(score, new int[] {1}, true));
        return List.of(Manipulation.expandDims(labels, 0), sum);
    }
}
