package org.keras4j.metrics;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Variable;
import org.keras4j.losses.Weights;
import org.keras4j.ops.K;

/**
 * {@code true positives / (true positives + errors)} at each threshold, with one kind of error.
 *
 * @param <S> the metric itself
 */
abstract class TruePositiveRatio<S extends TruePositiveRatio<S>> extends CountMetric<S> {
    private @Nullable Integer topK;
    private @Nullable Integer classId;

    @SuppressWarnings("NullAway.Init") // set by build
    private Variable truePositives;

    @SuppressWarnings("NullAway.Init") // set by build
    private Variable errors;

    /** Returns Keras's name of the variable that counts the errors. */
    abstract String errorName();

    /** Returns where a batch's counts go. */
    abstract Confusion.Counts counts(Variable truePositives, Variable errors);

    /** Sets how many of the greatest predictions of a sample can say yes; null for all. */
    public S topK(@Nullable Integer topK) {
        this.topK = topK;
        return self();
    }

    /** Sets the only class that counts; null for all. */
    public S classId(@Nullable Integer classId) {
        this.classId = classId;
        return self();
    }

    private Thresholds thresholds() {
        return orElse(topK == null ? 0.5 : Thresholds.NONE);
    }

    @Override
    protected void build(Shape yTrue, Shape yPred) {
        truePositives = addCounts("true_positives", thresholds());
        errors = addCounts(errorName(), thresholds());
    }

    @Override
    protected void update(Tensor yTrue, Tensor yPred, @Nullable Tensor sampleWeight) {
        var options = new Confusion.Options(topK, classId, false, null);
        Confusion.of(this, thresholds(), yTrue, yPred, sampleWeight, options).addTo(counts(truePositives, errors));
    }

    @Override
    public Tensor result() {
        variables();
        Tensor right = truePositives.value();
        return only(Weights.divideNoNan(right, K.add(right, errors.value())));
    }

    @Override
    public Direction direction() {
        return Direction.UP;
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("top_k", topK);
        config.put("class_id", classId);
        return config;
    }
}
