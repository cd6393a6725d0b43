package org.keras4j.metrics;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Variable;
import org.keras4j.losses.Weights;
import org.keras4j.ops.K;

/**
 * The best value of one rate over all thresholds at which another rate is high enough.
 *
 * @param <S> the metric itself
 */
abstract class ConstrainedMetric<S extends ConstrainedMetric<S>> extends BaseMetric<S> {
    private final String key;
    private final double value;
    private int numThresholds = 200;
    private @Nullable Integer classId;
    private Thresholds thresholds = Thresholds.evenly("", 200);

    @SuppressWarnings("NullAway.Init") // set by build
    private Confusion.Counts counts;

    /** Takes what the other rate has to reach, from 0 to 1, and its key in the config. */
    ConstrainedMetric(String key, double value) {
        super(null);
        if (!(value >= 0 && value <= 1))
            throw new IllegalArgumentException(className() + ": expected " + key + " from 0 to 1, got " + value);
        this.key = key;
        this.value = value;
    }

    /** Sets how many thresholds, evenly from 0 to 1, are tried. */
    public final S numThresholds(int numThresholds) {
        this.thresholds = Thresholds.evenly(className(), numThresholds);
        this.numThresholds = numThresholds;
        return self();
    }

    /** Sets the only class that counts; null for all. */
    public final S classId(@Nullable Integer classId) {
        this.classId = classId;
        return self();
    }

    @Override
    protected final void build(Shape yTrue, Shape yPred) {
        Shape shape = Shape.of(thresholds.size());
        Variable tp = addVariable("true_positives", shape);
        Variable fp = addVariable("false_positives", shape);
        Variable tn = addVariable("true_negatives", shape);
        Variable fn = addVariable("false_negatives", shape);
        counts = new Confusion.Counts(tp, fp, tn, fn);
    }

    @Override
    protected final void update(Tensor yTrue, Tensor yPred, @Nullable Tensor sampleWeight) {
        var options = new Confusion.Options(null, classId, false, null);
        Confusion.of(this, thresholds, yTrue, yPred, sampleWeight, options).addTo(counts);
    }

    @Override
    public final Tensor result() {
        variables();
        Tensor enough = K.greaterEqual(constrained(counts), value);
        return K.maximum(K.max(K.where(enough, dependent(counts), 0.0)), 0.0);
    }

    abstract Tensor constrained(Confusion.Counts counts);

    abstract Tensor dependent(Confusion.Counts counts);

    private static Variable required(@Nullable Variable count) {
        return Objects.requireNonNull(count);
    }

    static Tensor precision(Confusion.Counts counts) {
        return rate(required(counts.truePositives()), required(counts.falsePositives()));
    }

    /** Recall is also called sensitivity. */
    static Tensor recall(Confusion.Counts counts) {
        return rate(required(counts.truePositives()), required(counts.falseNegatives()));
    }

    static Tensor specificity(Confusion.Counts counts) {
        return rate(required(counts.trueNegatives()), required(counts.falsePositives()));
    }

    private static Tensor rate(Variable part, Variable rest) {
        return Weights.divideNoNan(part.value(), K.add(part.value(), rest.value()));
    }

    @Override
    public final Direction direction() {
        return Direction.UP;
    }

    @Override
    public final Map<String, Object> getConfig() {
        Map<String, Object> config = new LinkedHashMap<>(super.getConfig());
        config.put("class_id", classId);
        config.put("num_thresholds", numThresholds);
        config.put(key, value);
        return config;
    }
}
