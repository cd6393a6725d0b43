package org.keras4j.metrics;

import java.util.Map;
import org.keras4j.graph.Tensor;

/** How often predictions are on the side of {@code threshold} that labels of 0 and 1 say. */
public final class BinaryAccuracy extends FunctionMetric<BinaryAccuracy> {
    private double threshold = 0.5;

    public BinaryAccuracy() {
        super("binary_accuracy");
    }

    public BinaryAccuracy(String name) {
        super(name);
    }

    /** Sets above what a prediction means 1. */
    public BinaryAccuracy threshold(double threshold) {
        this.threshold = threshold;
        return this;
    }

    @Override
    protected BinaryAccuracy self() {
        return this;
    }

    @Override
    Tensor values(Tensor yTrue, Tensor yPred) {
        return CorrectPredictions.binary(yTrue, yPred, threshold);
    }

    @Override
    public Direction direction() {
        return Direction.UP;
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("threshold", threshold);
        return config;
    }
}
