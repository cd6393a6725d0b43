package org.keras4j.ops;

import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.op.Binary;
import org.keras4j.op.Unary;

/** Crossentropies between a target and probabilities or logits. */
final class Crossentropies {
    private Crossentropies() {}

    static Tensor categorical(Tensor target, Tensor output, boolean fromLogits, int axis) {
        checkEqual("categoricalCrossentropy", target, output);
        if (output.rank() < 1)
            throw new IllegalArgumentException("categoricalCrossentropy: expected at least one axis, got a scalar");
        Tensor terms = Arithmetic.binary(Binary.MUL, target, logProbabilities(output, fromLogits, axis));
        return Primitives.neg(Reductions.sum(terms, new int[] {axis}, false));
    }

    /** A class outside the range gives 0, as a row of zeros does. */
    static Tensor sparse(Tensor target, Tensor output, boolean fromLogits, int axis) {
        if (output.rank() < 1)
            throw new IllegalArgumentException(
                    "sparseCategoricalCrossentropy: expected at least one axis, got a scalar");
        Tensor classes = Primitives.cast(target, DType.INT32);
        if (classes.rank() == output.rank() && classes.shape().last() == 1) classes = Manipulation.squeeze(classes, -1);
        Shape expected = output.shape().without(axis);
        if (!classes.shape().equals(expected))
            throw new IllegalArgumentException("sparseCategoricalCrossentropy: expected a target of shape " + expected
                    + " for output " + output.shape() + ", got " + target.shape());
        Tensor log = logProbabilities(output, fromLogits, axis);
        Tensor hot = Indexing.oneHot(
                classes, output.shape().dim(axis), output.shape().axis(axis), log.dtype());
        return Primitives.neg(Reductions.sum(Primitives.mul(hot, log), new int[] {axis}, false));
    }

    static Tensor binary(Tensor target, Tensor output, boolean fromLogits) {
        checkEqual("binaryCrossentropy", target, output);
        Tensor p = Arithmetic.toFloat(output);
        Tensor t = Primitives.cast(target, DTypes.result(target.dtype(), p.dtype()));
        Tensor rest = Primitives.shift(Primitives.neg(t), 1);
        if (fromLogits) {
            Tensor yes = Arithmetic.binary(Binary.MUL, t, ActivationFunctions.logSigmoid(p));
            Tensor no = Arithmetic.binary(Binary.MUL, rest, ActivationFunctions.logSigmoid(Primitives.neg(p)));
            return Primitives.sub(Primitives.neg(yes), no);
        }
        Tensor q = Elementwise.clip(p, K.epsilon(), 1 - K.epsilon());
        Tensor yes = Arithmetic.binary(Binary.MUL, t, Primitives.unary(Unary.LOG, q));
        Tensor no = Arithmetic.binary(
                Binary.MUL, rest, Primitives.unary(Unary.LOG, Primitives.shift(Primitives.neg(q), 1)));
        return Primitives.neg(Primitives.add(yes, no));
    }

    private static Tensor logProbabilities(Tensor output, boolean fromLogits, int axis) {
        Tensor f = Arithmetic.toFloat(output);
        if (fromLogits) return ActivationFunctions.logSoftmax(f, axis);
        Tensor p = Arithmetic.binary(Binary.DIV, f, Reductions.sum(f, new int[] {axis}, true));
        return Primitives.unary(Unary.LOG, Elementwise.clip(p, K.epsilon(), 1 - K.epsilon()));
    }

    private static void checkEqual(String name, Tensor target, Tensor output) {
        if (!target.shape().equals(output.shape()))
            throw new IllegalArgumentException(
                    name + ": target " + target.shape() + " and output " + output.shape() + " must have one shape");
    }
}
