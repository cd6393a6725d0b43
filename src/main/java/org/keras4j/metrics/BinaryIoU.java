package org.keras4j.metrics;

import java.util.LinkedHashMap;
import java.util.Map;
import org.keras4j.DType;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;

/** Intersection over union of labels of 0 and 1, the mean of both classes or the one of one. */
public final class BinaryIoU extends IoUMetric<BinaryIoU> {
    private double threshold = 0.5;

    public BinaryIoU() {
        super(2, 0, 1);
    }

    /** Sets the classes that count, of 0 and 1. */
    public BinaryIoU(int... targetClassIds) {
        super(2, targetClassIds);
    }

    /** Sets from what on a prediction means 1. */
    public BinaryIoU threshold(double threshold) {
        this.threshold = threshold;
        return this;
    }

    @Override
    protected BinaryIoU self() {
        return this;
    }

    @Override
    Tensor classes(Tensor yPred) {
        return K.cast(K.greaterEqual(K.cast(yPred, DType.FLOAT32), threshold), DType.INT32);
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = new LinkedHashMap<>();
        putTargets(config);
        config.put("threshold", threshold);
        config.putAll(super.getConfig());
        return config;
    }
}
