package org.keras4j.layers;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/** Adds a random number to all pixels of an image. */
public final class RandomBrightness extends RandomImageLayer<RandomBrightness> {
    private final double[] factor;

    /** Takes how strong the change is: a number, or a least and a greatest one. */
    public RandomBrightness(double... factor) {
        this.factor = bounds("RandomBrightness", factor, -1, 1);
    }

    static RandomBrightness fromConfig(ConfigReader config) {
        return new RandomBrightness(factor(config, "factor", 0)).configureRandom(config);
    }

    @Override
    protected @Nullable Object drawTransformation(Shape images, boolean training) {
        if (!training) return null;
        Tensor delta = uniform(Shape.of(images.dim(0), 1, 1, 1), factor);
        return Map.of("rgb_delta", K.multiply(delta, valueRange[1] - valueRange[0]));
    }

    @Override
    public Tensor transformImages(Tensor images, @Nullable Object transformation, boolean training) {
        if (!training || transformation == null) return images;
        return clipped(K.add(images, K.cast(entry(transformation, "rgb_delta"), images.dtype())));
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
