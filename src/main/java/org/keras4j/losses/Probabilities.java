package org.keras4j.losses;

import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.op.Fusion;
import org.keras4j.ops.K;

/** Distances between distributions. Probabilities are kept {@code epsilon} away from 0 and 1. */
final class Probabilities {
    private Probabilities() {}

    static Tensor kullbackLeibler(Tensor yTrue, Tensor yPred) {
        Tensor t = K.clip(yTrue, K.epsilon(), 1);
        Tensor p = K.clip(yPred, K.epsilon(), 1);
        return K.sum(K.multiply(t, K.log(K.divide(t, p))), -1);
    }

    static Tensor poisson(Tensor yTrue, Tensor yPred) {
        Tensor log = K.log(K.add(yPred, K.epsilon()));
        return K.mean(K.subtract(yPred, K.multiply(yTrue, log)), -1);
    }

    /** Moves labels of 0 and 1 towards the mean of {@code classes} classes. */
    static Tensor smooth(Tensor yTrue, double smoothing, int classes) {
        if (smoothing == 0) return yTrue;
        return K.add(K.multiply(yTrue, 1 - smoothing), smoothing / classes);
    }

    static Tensor binary(Tensor yTrue, Tensor yPred, boolean fromLogits) {
        if (fromLogits) {
            // max(x, 0) - x * t + log(1 + exp(-|x|)), as the usual form overflows
            Tensor rest = K.softplus(K.negative(K.abs(yPred)));
            return K.add(K.subtract(K.relu(yPred), K.multiply(yPred, yTrue)), rest);
        }
        Tensor p = clip(yPred);
        Tensor right = K.multiply(yTrue, K.log(p));
        Tensor wrong = K.multiply(K.subtract(1.0, yTrue), K.log(K.subtract(1.0, p)));
        return K.negative(K.add(right, wrong));
    }

    /** Gives cross-entropy a factor that makes little of what is already right (Lin et al. 2018). */
    static Tensor binaryFocal(Tensor yTrue, Tensor yPred, double gamma, @Nullable Double alpha) {
        Tensor not = K.subtract(1.0, yTrue);
        Tensor right = K.add(K.multiply(yTrue, yPred), K.multiply(not, K.subtract(1.0, yPred)));
        Tensor focal = K.multiply(K.power(K.subtract(1.0, right), gamma), binary(yTrue, yPred, false));
        if (alpha == null) return focal;
        return K.multiply(K.add(K.multiply(yTrue, alpha), K.multiply(not, 1 - alpha)), focal);
    }

    static Tensor categorical(Tensor yTrue, Tensor yPred, boolean fromLogits, int axis) {
        Tensor log = fromLogits ? K.logSoftmax(yPred, axis) : K.log(clip(shares(yPred, axis)));
        return K.negative(K.sum(K.multiply(yTrue, log), axis));
    }

    static Tensor categoricalFocal(Tensor yTrue, Tensor yPred, double alpha, double gamma, int axis) {
        Tensor p = clip(shares(yPred, axis));
        Tensor entropy = K.multiply(K.negative(yTrue), K.log(p));
        Tensor factor = K.multiply(K.power(K.subtract(1.0, p), gamma), alpha);
        return K.sum(K.multiply(factor, entropy), axis);
    }

    /**
     * Cross-entropy with class numbers as labels, {@code yTrue[shape], yPred[shape, classes] -> [shape]}. A label that
     * is no class gives 0, as a row of zeros would.
     */
    static Tensor sparse(Tensor yTrue, Tensor yPred, boolean fromLogits) {
        Tensor label = K.cast(yTrue, DType.INT32);
        int rows = label.shape().size();
        Tensor p = Primitives.reshape(yPred, Shape.of(rows, yPred.shape().last()));
        Tensor loss = Primitives.fused(
                new Fusion.SparseCrossentropy(fromLogits, K.epsilon()), p, Primitives.reshape(label, Shape.of(rows)));
        return Primitives.reshape(loss, label.shape());
    }

    /** {@code (1 - p ^ q) / q} with the probability p of the label's class (Zhang and Sabuncu 2018). */
    static Tensor generalized(Tensor yTrue, Tensor yPred, double q) {
        Tensor label = K.oneHot(K.cast(yTrue, DType.INT32), yPred.shape().last(), -1, yPred.dtype());
        Tensor p = K.sum(K.multiply(yPred, label), -1);
        return K.divide(K.subtract(1.0, K.power(p, q)), q);
    }

    private static Tensor shares(Tensor p, int axis) {
        return K.divide(p, K.sum(p, axis, true));
    }

    private static Tensor clip(Tensor p) {
        return K.clip(p, K.epsilon(), 1 - K.epsilon());
    }
}
