package org.keras4j.layers;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.Config;
import org.keras4j.Shape;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/** Scales the saturation of images at random. */
public final class RandomSaturation extends RandomImageLayer<RandomSaturation> {
    private final double[] factor;

    /** Takes how strong the change is: a number, or a least and a greatest one. */
    public RandomSaturation(double... factor) {
        this.factor = bounds("RandomSaturation", factor, -1, 1);
    }

    static RandomSaturation fromConfig(ConfigReader config) {
        return new RandomSaturation(factor(config, "factor", 0)).configureRandom(config);
    }

    /** Returns one channel, with the others' axis as size 1. */
    private Tensor channel(Tensor x, int index) {
        return Primitives.slice(x, channelAxis(), index, 1);
    }

    @Override
    protected @Nullable Object drawTransformation(Shape images, boolean training) {
        if (!training) return null;
        Tensor part = uniform(images.slice(0, 1), factor);
        return Map.of("factor", K.divide(part, K.add(K.subtract(1.0, part), Config.epsilon())));
    }

    @Override
    public Tensor transformImages(Tensor images, @Nullable Object transformation, boolean training) {
        if (!training || transformation == null) return images;
        Tensor scale =
                perImage(K.cast(entry(transformation, "factor"), dtypePolicy().compute()));
        Tensor hsv = image("rgb_to_hsv", images, Map.of());
        Tensor saturation = clipped(K.multiply(channel(hsv, 1), scale));
        Tensor all = K.concatenate(List.of(channel(hsv, 0), saturation, channel(hsv, 2)), channelAxis());
        return image("hsv_to_rgb", all, Map.of());
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
