package org.keras4j.metrics;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Intersection over union, the mean of some classes. */
public final class IoU extends IoUMetric<IoU> {
    public IoU(int numClasses, int... targetClassIds) {
        super(numClasses, targetClassIds);
    }

    /** Sets a label whose elements do not count; null for none. */
    public IoU ignoreClass(@Nullable Integer ignoreClass) {
        ignore(ignoreClass);
        return this;
    }

    /** Says whether labels are class numbers instead of one-hot. */
    public IoU sparseYTrue(boolean sparseYTrue) {
        sparse(sparseYTrue, sparseYPred());
        return this;
    }

    /** Says whether predictions are class numbers instead of scores of the classes. */
    public IoU sparseYPred(boolean sparseYPred) {
        sparse(sparseYTrue(), sparseYPred);
        return this;
    }

    /** Sets the axis of the classes, where labels or predictions have one. */
    public IoU axis(int axis) {
        along(axis);
        return this;
    }

    @Override
    protected IoU self() {
        return this;
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("num_classes", numClasses);
        putTargets(config);
        putOptions(config, true, true);
        return config;
    }
}
