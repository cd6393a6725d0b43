package org.keras4j.layers;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/** Changes brightness, contrast, saturation and hue of images at random, in this order. */
public final class RandomColorJitter extends RandomImageLayer<RandomColorJitter> {
    private double @Nullable [] brightnessFactor;
    private double @Nullable [] contrastFactor;
    private double @Nullable [] saturationFactor;
    private double @Nullable [] hueFactor;
    private List<RandomImageLayer<?>> steps = List.of();

    public RandomColorJitter() {}

    static RandomColorJitter fromConfig(ConfigReader config) {
        return new RandomColorJitter()
                .configureRandom(config)
                .brightnessFactor(optional(config, "brightness_factor"))
                .contrastFactor(optional(config, "contrast_factor"))
                .saturationFactor(optional(config, "saturation_factor"))
                .hueFactor(optional(config, "hue_factor"));
    }

    private static double @Nullable [] optional(ConfigReader config, String key) {
        return config.get(key) == null ? null : factor(config, key);
    }

    /** Sets the factor of {@link RandomBrightness}; null leaves brightness alone. */
    public RandomColorJitter brightnessFactor(double @Nullable ... factor) {
        requireUnbuilt();
        brightnessFactor = factor;
        return this;
    }

    /** Sets the factor of {@link RandomContrast}; null leaves contrast alone. */
    public RandomColorJitter contrastFactor(double @Nullable ... factor) {
        requireUnbuilt();
        contrastFactor = factor;
        return this;
    }

    /** Sets the factor of {@link RandomSaturation}; null leaves saturation alone. */
    public RandomColorJitter saturationFactor(double @Nullable ... factor) {
        requireUnbuilt();
        saturationFactor = factor;
        return this;
    }

    /** Sets the factor of {@link RandomHue}; null leaves the hue alone. */
    public RandomColorJitter hueFactor(double @Nullable ... factor) {
        requireUnbuilt();
        hueFactor = factor;
        return this;
    }

    @Override
    protected void buildAll(Object inputs) {
        List<RandomImageLayer<?>> made = new ArrayList<>();
        if (brightnessFactor != null) made.add(new RandomBrightness(brightnessFactor));
        if (contrastFactor != null) made.add(new RandomContrast(contrastFactor));
        if (saturationFactor != null) made.add(new RandomSaturation(saturationFactor));
        if (hueFactor != null) made.add(new RandomHue(hueFactor));
        for (RandomImageLayer<?> step : made) {
            step.seed(seed()).valueRange(valueRange[0], valueRange[1]).dataFormat(dataFormat());
            step.buildFrom(inputs);
        }
        steps = track("steps", List.copyOf(made));
    }

    @Override
    public Tensor transformImages(Tensor images, @Nullable Object transformation, boolean training) {
        if (!training) return images;
        Tensor x = K.cast(images, dtypePolicy().compute());
        for (RandomImageLayer<?> step : steps)
            x = step.transformImages(x, step.drawTransformation(x.shape(), true), true);
        return x;
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("value_range", range());
        config.put("brightness_factor", GeometricLayer.given(brightnessFactor));
        config.put("contrast_factor", GeometricLayer.given(contrastFactor));
        config.put("saturation_factor", GeometricLayer.given(saturationFactor));
        config.put("hue_factor", GeometricLayer.given(hueFactor));
        config.put("seed", seed());
        return config;
    }
}
