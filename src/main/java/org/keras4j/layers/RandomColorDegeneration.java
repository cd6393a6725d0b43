package org.keras4j.layers;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/** Mixes images with their grey versions at random. */
public final class RandomColorDegeneration extends RandomImageLayer<RandomColorDegeneration> {
    private final double[] factor;

    /** Takes how strong the change is: a number, or a least and a greatest one. */
    public RandomColorDegeneration(double... factor) {
        this.factor = bounds("RandomColorDegeneration", factor, -1, 1);
    }

    static RandomColorDegeneration fromConfig(ConfigReader config) {
        return new RandomColorDegeneration(factor(config, "factor", 0)).configureRandom(config);
    }

    @Override
    protected @Nullable Object drawTransformation(Shape images, boolean training) {
        if (!training) return null;
        return Map.of("factor", uniform(Shape.of(images.dim(0), 1, 1, 1), factor));
    }

    @Override
    public Tensor transformImages(Tensor images, @Nullable Object transformation, boolean training) {
        if (!training || transformation == null) return images;
        Tensor x = K.cast(images, dtypePolicy().compute());
        Tensor grey = image("rgb_to_grayscale", x, Map.of());
        Tensor part = K.cast(entry(transformation, "factor"), x.dtype());
        return clipped(K.add(x, K.multiply(part, K.subtract(grey, x))));
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
