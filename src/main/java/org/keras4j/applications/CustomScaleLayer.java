package org.keras4j.applications;

import java.util.List;
import java.util.Map;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.layers.BaseLayer;
import org.keras4j.layers.Call;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/** Computes {@code a + scale * b} of its two inputs; files know it by this name. */
final class CustomScaleLayer extends BaseLayer<CustomScaleLayer> {
    static final String MODULE = "keras.src.applications.inception_resnet_v2";

    private final double scale;

    CustomScaleLayer(double scale) {
        this.scale = scale;
    }

    static CustomScaleLayer fromConfig(ConfigReader config) {
        return configure(new CustomScaleLayer(config.real("scale")), config);
    }

    @Override
    public String module() {
        return MODULE;
    }

    @Override
    protected void buildAll(Object shapes) {
        if (!(shapes instanceof List<?> list) || list.size() != 2 || !(list.getFirst() instanceof Shape))
            throw refuse("expected a list of two inputs", shapes);
    }

    @Override
    protected Object callAll(Object inputs, Call call) {
        List<?> pair = (List<?>) inputs;
        return K.add((Tensor) pair.get(0), K.multiply((Tensor) pair.get(1), scale));
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("scale", scale);
        return config;
    }
}
