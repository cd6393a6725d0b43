package org.keras4j.losses;

import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;

/** Distances between numbers; the last axis is averaged. */
final class Regression {
    private static final double LOG2 = Math.log(2);

    private Regression() {}

    static Tensor squared(Tensor yTrue, Tensor yPred) {
        return K.mean(K.square(K.subtract(yTrue, yPred)), -1);
    }

    static Tensor absolute(Tensor yTrue, Tensor yPred) {
        return K.mean(K.abs(K.subtract(yTrue, yPred)), -1);
    }

    static Tensor percentage(Tensor yTrue, Tensor yPred) {
        Tensor size = K.maximum(K.abs(yTrue), K.epsilon());
        return K.multiply(100.0, K.mean(K.abs(K.divide(K.subtract(yTrue, yPred), size)), -1));
    }

    static Tensor squaredLogarithmic(Tensor yTrue, Tensor yPred) {
        Tensor first = K.log(K.add(K.maximum(yPred, K.epsilon()), 1.0));
        Tensor second = K.log(K.add(K.maximum(yTrue, K.epsilon()), 1.0));
        return K.mean(K.square(K.subtract(first, second)), -1);
    }

    static Tensor logCosh(Tensor yTrue, Tensor yPred) {
        Tensor x = K.subtract(yPred, yTrue);
        return K.mean(K.subtract(K.add(x, K.softplus(K.multiply(x, -2.0))), LOG2), -1);
    }

    static Tensor huber(Tensor yTrue, Tensor yPred, double delta) {
        Tensor error = K.subtract(yPred, yTrue);
        Tensor size = K.abs(error);
        Tensor square = K.multiply(0.5, K.square(error));
        Tensor line = K.subtract(K.multiply(delta, size), 0.5 * delta * delta);
        return K.mean(K.where(K.lessEqual(size, delta), square, line), -1);
    }

    /** The cosine of the angle, negative so that small is near. */
    static Tensor cosine(Tensor yTrue, Tensor yPred, int axis) {
        return K.negative(K.sum(K.multiply(normalize(yTrue, axis), normalize(yPred, axis)), axis));
    }

    private static Tensor normalize(Tensor x, int axis) {
        Tensor length = K.rsqrt(K.sum(K.square(x), axis, true));
        return K.multiply(x, K.minimum(length, 1 / K.epsilon()));
    }
}
