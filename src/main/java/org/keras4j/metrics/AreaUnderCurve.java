package org.keras4j.metrics;

import org.keras4j.graph.Tensor;
import org.keras4j.losses.Weights;
import org.keras4j.ops.K;

/**
 * Areas under curves from counts at ascending thresholds, {@code [thresholds] -> []} or
 * {@code [thresholds, labels] -> [labels]}.
 */
record AreaUnderCurve(Tensor truePositives, Tensor falsePositives, Tensor trueNegatives, Tensor falseNegatives) {
    enum Curve {
        /** Recall over the rate of false alarms. */
        ROC,
        /** Precision over recall. */
        PR,
        /** Gains of precision and recall over always saying yes (Flach and Kull 2015). */
        PRGAIN
    }

    enum Summation {
        INTERPOLATION,
        MAJORING,
        MINORING
    }

    private record Points(Tensor x, Tensor y) {}

    Tensor areas(Curve curve, Summation summation) {
        if (curve == Curve.PR && summation == Summation.INTERPOLATION) return interpolatedPrecision();
        Points points = switch (curve) {
            case ROC -> new Points(share(falsePositives, trueNegatives), share(truePositives, falseNegatives));
            case PR -> new Points(share(truePositives, falseNegatives), share(truePositives, falsePositives));
            case PRGAIN -> gains();
        };
        Tensor left = first(points.y);
        Tensor right = rest(points.y);
        Tensor heights = switch (summation) {
            case INTERPOLATION -> K.divide(K.add(left, right), 2.0);
            case MAJORING -> K.maximum(left, right);
            case MINORING -> K.minimum(left, right);
        };
        return K.sum(K.multiply(K.subtract(first(points.x), rest(points.x)), heights), 0);
    }

    /** Where nothing is found, precision gain is 1 and recall gain 0; recall worse than always yes is a gain of 0. */
    private Points gains() {
        Tensor scale = Weights.divideNoNan(K.add(truePositives, falseNegatives), K.add(trueNegatives, falsePositives));
        Tensor nothing = K.equal(truePositives, 0.0);
        Tensor recall = K.subtract(1.0, K.multiply(scale, Weights.divideNoNan(falseNegatives, truePositives)));
        Tensor precision = K.subtract(1.0, K.multiply(scale, Weights.divideNoNan(falsePositives, truePositives)));
        return new Points(K.maximum(K.where(nothing, 0.0, recall), 0.0), K.where(nothing, 1.0, precision));
    }

    /**
     * Interpolates the counts rather than the precision, which is not linear between two points (Davis and Goadrich
     * 2006).
     */
    private Tensor interpolatedPrecision() {
        Tensor tpRise = K.subtract(first(truePositives), rest(truePositives));
        Tensor positives = K.add(truePositives, falsePositives);
        Tensor before = first(positives);
        Tensor after = rest(positives);
        Tensor slope = Weights.divideNoNan(tpRise, K.maximum(K.subtract(before, after), 0.0));
        Tensor intercept = K.subtract(rest(truePositives), K.multiply(slope, after));
        Tensor both = K.logicalAnd(K.greater(before, 0), K.greater(after, 0));
        Tensor ratio = K.where(both, Weights.divideNoNan(before, K.maximum(after, 0.0)), 1.0);
        Tensor rise = K.multiply(slope, K.add(tpRise, K.multiply(intercept, K.log(ratio))));
        Tensor labels = K.maximum(K.add(rest(truePositives), rest(falseNegatives)), 0.0);
        return K.sum(Weights.divideNoNan(rise, labels), 0);
    }

    private static Tensor share(Tensor part, Tensor other) {
        return Weights.divideNoNan(part, K.add(part, other));
    }

    private static Tensor first(Tensor x) {
        return K.slice(x, 0, 0, x.shape().dim(0) - 1, 1);
    }

    private static Tensor rest(Tensor x) {
        return K.slice(x, 0, 1, x.shape().dim(0), 1);
    }
}
