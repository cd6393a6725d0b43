package org.keras4j.layers;

import java.util.Map;
import org.keras4j.graph.Tensor;
import org.keras4j.regularizers.L1L2;
import org.keras4j.serialization.ConfigReader;

/** Returns its input and adds a penalty on it to the loss. */
public final class ActivityRegularization extends BaseLayer<ActivityRegularization> {
    private final double l1;
    private final double l2;

    public ActivityRegularization() {
        this(0, 0);
    }

    public ActivityRegularization(double l1, double l2) {
        this.l1 = l1;
        this.l2 = l2;
        activityRegularizer(new L1L2(l1, l2));
        supportsMasking(true);
    }

    static ActivityRegularization fromConfig(ConfigReader config) {
        return configure(new ActivityRegularization(config.real("l1", 0), config.real("l2", 0)), config);
    }

    @Override
    protected Tensor call(Tensor x, Call call) {
        return x;
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.remove("activity_regularizer");
        config.put("l1", l1);
        config.put("l2", l2);
        return config;
    }
}
