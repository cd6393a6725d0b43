package org.keras4j.metrics;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Variable;
import org.keras4j.losses.Weights;
import org.keras4j.ops.K;

/** What part of the labels that say yes is found. */
public final class Recall extends CountMetric<Recall> {
    private @Nullable Integer topK;
    private @Nullable Integer classId;

    @SuppressWarnings("NullAway.Init") // set by build
    private Variable hits;

    @SuppressWarnings("NullAway.Init") // set by build
    private Variable errors;

    public Recall() {}

    public Recall(double... thresholds) {
        thresholds(thresholds);
    }

    /** Sets how many of the greatest predictions of a sample can say yes; null for all. */
    public Recall topK(@Nullable Integer topK) {
        this.topK = topK;
        return this;
    }

    /** Sets the only class that counts; null for all. */
    public Recall classId(@Nullable Integer classId) {
        this.classId = classId;
        return this;
    }

    @Override
    protected Recall self() {
        return this;
    }

    private Thresholds all() {
        return orElse(topK == null ? 0.5 : Thresholds.NONE);
    }

    @Override
    protected void build(Shape yTrue, Shape yPred) {
        hits = addCounts("true_positives", all());
        errors = addCounts("false_negatives", all());
    }

    @Override
    protected void update(Tensor yTrue, Tensor yPred, @Nullable Tensor sampleWeight) {
        var options = new Confusion.Options(topK, classId, false, null);
        Confusion.of(this, all(), yTrue, yPred, sampleWeight, options)
                .addTo(new Confusion.Counts(hits, null, null, errors));
    }

    @Override
    public Tensor result() {
        variables();
        return only(Weights.divideNoNan(hits.value(), K.add(hits.value(), errors.value())));
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
