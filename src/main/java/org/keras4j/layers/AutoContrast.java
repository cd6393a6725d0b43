package org.keras4j.layers;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/** Stretches the values of each channel to the whole range. */
public final class AutoContrast extends RandomImageLayer<AutoContrast> {
    public AutoContrast() {}

    static AutoContrast fromConfig(ConfigReader config) {
        return new AutoContrast().configureRandom(config);
    }

    @Override
    public Tensor transformImages(Tensor images, @Nullable Object transformation, boolean training) {
        double[] bytes = {0, 255};
        Tensor x = rescaled(K.cast(images, dtypePolicy().compute()), valueRange, bytes);
        int[] axes = {1, 2};
        Tensor low = K.min(x, axes, true);
        Tensor scale = K.divide(255.0, K.subtract(K.max(x, axes, true), low));
        Tensor y = K.subtract(K.multiply(x, scale), K.multiply(low, scale));
        y = rescaled(K.clip(y, 0, 255), bytes, valueRange);
        return K.where(K.isnan(y), K.cast(images, y.dtype()), y);
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("value_range", range());
        return config;
    }
}
