package org.keras4j.layers;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/** Scales the distance of pixels from the mean of their image at random. */
public final class RandomContrast extends RandomImageLayer<RandomContrast> {
    private final double[] factor;

    /** Takes how strong the change is: a number, or a least and a greatest one. */
    public RandomContrast(double... factor) {
        this.factor = bounds("RandomContrast", factor, 0, 1);
    }

    static RandomContrast fromConfig(ConfigReader config) {
        return new RandomContrast(factor(config, "factor", 0)).configureRandom(config);
    }

    @Override
    protected @Nullable Object drawTransformation(Shape images, boolean training) {
        if (!training) return null;
        double[] range = {1 - factor[0], 1 + factor[1]};
        return Map.of("contrast_factor", uniform(Shape.of(images.dim(0), 1, 1, 1), range));
    }

    @Override
    public Tensor transformImages(Tensor images, @Nullable Object transformation, boolean training) {
        if (!training || transformation == null) return images;
        Tensor mean = K.mean(images, new int[] {rowAxis(), rowAxis() + 1}, true);
        Tensor scale = K.cast(entry(transformation, "contrast_factor"), images.dtype());
        return clipped(K.add(K.multiply(K.subtract(images, mean), scale), mean));
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
