package org.keras4j.layers;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/** Inverts the colours of some images. */
public final class RandomInvert extends RandomImageLayer<RandomInvert> {
    private final double[] factor;

    public RandomInvert() {
        this(1);
    }

    /** Takes how strong the change is: a number, or a least and a greatest one. */
    public RandomInvert(double... factor) {
        this.factor = bounds("RandomInvert", factor, 0, 1);
    }

    static RandomInvert fromConfig(ConfigReader config) {
        return new RandomInvert(factor(config, "factor", 1)).configureRandom(config);
    }

    @Override
    protected @Nullable Object drawTransformation(Shape images, boolean training) {
        if (!training) return null;
        return Map.of("apply_inversion", chosen(images, factor));
    }

    @Override
    public Tensor transformImages(Tensor images, @Nullable Object transformation, boolean training) {
        if (!training || transformation == null) return images;
        Tensor x = K.cast(images, dtypePolicy().compute());
        return K.where(perImage(entry(transformation, "apply_inversion")), K.subtract(valueRange[1], x), x);
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("factor", list(factor));
        config.put("value_range", range());
        config.put("seed", seed());
        return config;
    }
}
