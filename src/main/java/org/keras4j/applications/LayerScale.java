package org.keras4j.applications;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Variable;
import org.keras4j.initializers.Constant;
import org.keras4j.layers.BaseLayer;
import org.keras4j.layers.Call;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;
import org.keras4j.utils.Names;

/**
 * Multiplies each channel by a learned number: Touvron et al., "Going deeper with Image Transformers" (2021); files
 * know it by this name.
 */
final class LayerScale extends BaseLayer<LayerScale> {
    static final String MODULE = "keras.src.applications.convnext";

    private final double initValues;
    private final int projectionDim;
    private @Nullable Variable gamma;

    /** Takes where the numbers start, and how many channels there are. */
    LayerScale(double initValues, int projectionDim) {
        this.initValues = initValues;
        this.projectionDim = projectionDim;
    }

    static LayerScale fromConfig(ConfigReader config) {
        return configure(new LayerScale(config.real("init_values"), config.integer("projection_dim")), config);
    }

    @Override
    public String module() {
        return MODULE;
    }

    @Override
    protected void build(Shape input) {
        if (input.rank() == 0 || input.last() != projectionDim)
            throw refuse("expected input whose last axis is " + projectionDim, input);
        gamma = addWeight(
                Names.unique("variable"), Shape.of(projectionDim), w -> w.initializer(new Constant(initValues)));
    }

    @Override
    protected Tensor call(Tensor x, Call call) {
        return K.multiply(x, Objects.requireNonNull(gamma).value());
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("init_values", initValues);
        config.put("projection_dim", projectionDim);
        return config;
    }
}
