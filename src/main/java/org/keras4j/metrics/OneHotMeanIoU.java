package org.keras4j.metrics;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Intersection over union of one-hot labels, the mean of all classes. */
public final class OneHotMeanIoU extends IoUMetric<OneHotMeanIoU> {
    public OneHotMeanIoU(int numClasses) {
        super(numClasses, all(numClasses));
        sparse(false, false);
    }

    /** Sets a label whose elements do not count; null for none. */
    public OneHotMeanIoU ignoreClass(@Nullable Integer ignoreClass) {
        ignore(ignoreClass);
        return this;
    }

    /** Says whether predictions are class numbers instead of scores of the classes. */
    public OneHotMeanIoU sparseYPred(boolean sparseYPred) {
        sparse(sparseYTrue(), sparseYPred);
        return this;
    }

    /** Sets the axis of the classes, where labels or predictions have one. */
    public OneHotMeanIoU axis(int axis) {
        along(axis);
        return this;
    }

    @Override
    protected OneHotMeanIoU self() {
        return this;
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("num_classes", numClasses);
        config.putAll(super.getConfig());
        putOptions(config, false, true);
        return config;
    }
}
