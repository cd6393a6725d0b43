package org.keras4j.layers;

import java.util.List;
import java.util.Map;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/** Scales its input so that its length along an axis, or over several, is 1. */
public final class UnitNormalization extends BaseLayer<UnitNormalization> {
    private final int[] axes;
    private final boolean single;

    public UnitNormalization() {
        this(-1);
    }

    public UnitNormalization(int axis) {
        this(new int[] {axis}, true);
    }

    public UnitNormalization(int[] axes) {
        this(axes.clone(), false);
    }

    private UnitNormalization(int[] axes, boolean single) {
        this.axes = axes;
        this.single = single;
        supportsMasking(true);
    }

    static UnitNormalization fromConfig(ConfigReader config) {
        int[] axes = config.has("axis") ? config.ints("axis") : new int[] {-1};
        return configure(new UnitNormalization(axes, !(config.get("axis") instanceof List)), config);
    }

    @Override
    protected Tensor call(Tensor x, Call call) {
        return K.normalize(x, axes, 2);
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("axis", single ? (Object) axes[0] : ConfigValues.list(axes));
        return config;
    }
}
