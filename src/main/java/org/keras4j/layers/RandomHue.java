package org.keras4j.layers;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/** Turns the hue of images at random. */
public final class RandomHue extends RandomImageLayer<RandomHue> {
    private final double[] factor;

    /** Takes how strong the change is: a number, or a least and a greatest one. */
    public RandomHue(double... factor) {
        this.factor = bounds("RandomHue", factor, 0, 1);
    }

    static RandomHue fromConfig(ConfigReader config) {
        return new RandomHue(factor(config, "factor", 0)).configureRandom(config);
    }

    /** Returns one channel, with the others' axis as size 1. */
    private Tensor channel(Tensor x, int index) {
        return Primitives.slice(x, channelAxis(), index, 1);
    }

    @Override
    protected @Nullable Object drawTransformation(Shape images, boolean training) {
        if (!training) return null;
        Shape each = images.slice(0, 1);
        Tensor turn = K.multiply(sign(each), uniform(each, factor));
        return Map.of("factor", K.multiply(turn, 0.5));
    }

    @Override
    public Tensor transformImages(Tensor images, @Nullable Object transformation, boolean training) {
        if (!training || transformation == null) return images;
        double[] unit = {0, 1};
        Tensor x = rescaled(K.cast(images, dtypePolicy().compute()), valueRange, unit);
        Tensor hsv = image("rgb_to_hsv", x, Map.of());
        Tensor hue = K.add(channel(hsv, 0), perImage(K.cast(entry(transformation, "factor"), x.dtype())));
        hue = K.where(K.greater(hue, 1.0), K.subtract(hue, 1.0), hue);
        hue = K.where(K.less(hue, 0.0), K.add(hue, 1.0), hue);
        Tensor all = K.concatenate(List.of(hue, channel(hsv, 1), channel(hsv, 2)), channelAxis());
        return rescaled(K.clip(image("hsv_to_rgb", all, Map.of()), 0, 1), unit, valueRange);
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
