package org.keras4j.metrics;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Variable;
import org.keras4j.ops.K;

/**
 * A mean of precision and recall for each class of {@code yTrue[samples, classes]}, one-hot or several-hot.
 *
 * @param <S> the metric itself
 */
abstract class FScoreMetric<S extends FScoreMetric<S>> extends BaseMetric<S> {
    /** Below this a prediction is none, also where it is the greatest of its row. */
    private static final double NOTHING = 1e-9;

    double beta = 1;
    private Average average = Average.NONE;
    private @Nullable Double threshold;

    @SuppressWarnings("NullAway.Init") // set by build
    private Variable truePositives;

    @SuppressWarnings("NullAway.Init") // set by build
    private Variable falsePositives;

    @SuppressWarnings("NullAway.Init") // set by build
    private Variable falseNegatives;

    @SuppressWarnings("NullAway.Init") // set by build
    private Variable weights;

    private enum Average {
        NONE,
        MICRO,
        MACRO,
        WEIGHTED
    }

    FScoreMetric(String name) {
        super(name);
    }

    /**
     * Sets how classes become one value: {@code "micro"} counts over all, {@code "macro"} takes the mean,
     * {@code "weighted"} one weighted by how frequent classes are; null gives a value for each.
     */
    public final S average(@Nullable String average) {
        this.average = average == null
                ? Average.NONE
                : Arrays.stream(Average.values())
                        .filter(a -> a != Average.NONE && a.name().equals(average.toUpperCase(Locale.ROOT)))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException(className()
                                + ": expected average micro, macro, weighted or null, got \"" + average + "\""));
        return self();
    }

    /** Sets above what a prediction means yes, from 0 to 1; null for only the greatest of each sample. */
    public final S threshold(@Nullable Double threshold) {
        if (threshold != null && !(threshold > 0 && threshold <= 1))
            throw new IllegalArgumentException(
                    className() + ": expected a threshold above 0 and up to 1, got " + threshold);
        this.threshold = threshold;
        return self();
    }

    @Override
    protected final boolean needsShapes() {
        return true;
    }

    @Override
    protected final void build(Shape yTrue, Shape yPred) {
        if (yTrue.rank() != 2 || !yTrue.equals(yPred))
            throw new IllegalArgumentException(className() + " \"" + name()
                    + "\": expected y_true and y_pred of one shape (samples, classes), got " + yTrue + " and " + yPred);
        Shape shape = average == Average.MICRO ? Shape.SCALAR : Shape.of(yPred.dim(1));
        truePositives = addVariable("true_positives", shape);
        falsePositives = addVariable("false_positives", shape);
        falseNegatives = addVariable("false_negatives", shape);
        weights = addVariable("intermediate_weights", shape);
    }

    @Override
    protected final void update(Tensor yTrue, Tensor yPred, @Nullable Tensor sampleWeight) {
        Tensor labels = K.cast(yTrue, dtype());
        Tensor said = K.cast(said(K.cast(yPred, dtype())), dtype());
        add(truePositives, sum(K.multiply(said, labels), sampleWeight));
        add(falsePositives, sum(K.multiply(said, K.subtract(1.0, labels)), sampleWeight));
        add(falseNegatives, sum(K.multiply(K.subtract(1.0, said), labels), sampleWeight));
        add(weights, sum(labels, sampleWeight));
    }

    private Tensor said(Tensor p) {
        if (threshold != null) return K.greater(p, threshold);
        Tensor greatest = K.greaterEqual(p, K.max(p, -1, true));
        return K.logicalAnd(greatest, K.greater(K.abs(p), NOTHING));
    }

    private Tensor sum(Tensor x, @Nullable Tensor sampleWeight) {
        Tensor weighted = sampleWeight == null ? x : K.multiply(x, spread(K.cast(sampleWeight, dtype()), x.rank()));
        return average == Average.MICRO ? K.sum(weighted) : K.sum(weighted, 0);
    }

    /** One weight for all, for each sample or for each sample and class. */
    private static Tensor spread(Tensor weight, int rank) {
        Tensor w = weight;
        while (w.rank() < rank) w = K.expandDims(w, w.rank());
        return w;
    }

    @Override
    public final Tensor result() {
        if (truePositives == null) return K.zeros(Shape.SCALAR, dtype());
        Tensor tp = truePositives.value();
        Tensor precision = K.divide(tp, K.add(K.add(tp, falsePositives.value()), K.epsilon()));
        Tensor recall = K.divide(tp, K.add(K.add(tp, falseNegatives.value()), K.epsilon()));
        Tensor divisor = K.add(K.add(K.multiply(beta * beta, precision), recall), K.epsilon());
        Tensor score = K.multiply(K.divide(K.multiply(precision, recall), divisor), 1 + beta * beta);
        return switch (average) {
            case NONE -> score;
            case MICRO, MACRO -> K.mean(score);
            case WEIGHTED -> {
                Tensor share = K.divide(weights.value(), K.add(K.sum(weights.value()), K.epsilon()));
                yield K.sum(K.multiply(score, share));
            }
        };
    }

    @Override
    public final Direction direction() {
        return Direction.UP;
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("average", average == Average.NONE ? null : average.name().toLowerCase(Locale.ROOT));
        putBeta(config);
        config.put("threshold", threshold);
        return config;
    }

    void putBeta(Map<String, Object> config) {}
}
