package org.keras4j.layers;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.initializers.GlorotUniform;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/** Additive attention (Bahdanau et al. 2015): scores are {@code sum(scale * tanh(query + key))}. */
public final class AdditiveAttention extends BaseAttention<AdditiveAttention> {
    public AdditiveAttention() {
        super(true);
    }

    static AdditiveAttention fromConfig(ConfigReader config) {
        var layer = new AdditiveAttention();
        layer.readOptions(config, true);
        return configure(layer, config);
    }

    @Override
    void buildWeights(Shape query) {
        if (isScaled()) scale = addWeight("scale", Shape.of(query.last()), o -> o.initializer(new GlorotUniform()));
    }

    @Override
    @Nullable
    Tensor fused(Tensor query, Tensor key, Tensor value, boolean causal) {
        return null;
    }

    @Override
    Tensor scores(Tensor query, Tensor key) {
        Tensor sum = K.tanh(K.add(K.expandDims(query, -2), K.expandDims(key, -3)));
        return K.sum(scale == null ? sum : K.multiply(scale.value(), sum), -1);
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        putOptions(config, null);
        return config;
    }
}
