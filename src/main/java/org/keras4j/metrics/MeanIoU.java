package org.keras4j.metrics;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Intersection over union, the mean of all classes. */
public final class MeanIoU extends IoUMetric<MeanIoU> {
    public MeanIoU(int numClasses) {
        super(numClasses, all(numClasses));
    }

    /** Sets a label whose elements do not count; null for none. */
    public MeanIoU ignoreClass(@Nullable Integer ignoreClass) {
        ignore(ignoreClass);
        return this;
    }

    /** Says whether labels are class numbers instead of one-hot. */
    public MeanIoU sparseYTrue(boolean sparseYTrue) {
        sparse(sparseYTrue, sparseYPred());
        return this;
    }

    /** Says whether predictions are class numbers instead of scores of the classes. */
    public MeanIoU sparseYPred(boolean sparseYPred) {
        sparse(sparseYTrue(), sparseYPred);
        return this;
    }

    /** Sets the axis of the classes, where labels or predictions have one. */
    public MeanIoU axis(int axis) {
        along(axis);
        return this;
    }

    @Override
    protected MeanIoU self() {
        return this;
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("num_classes", numClasses);
        config.putAll(super.getConfig());
        putOptions(config, true, true);
        return config;
    }
}
