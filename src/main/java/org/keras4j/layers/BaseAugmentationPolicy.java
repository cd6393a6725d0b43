package org.keras4j.layers;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.serialization.ConfigReader;

/** Augmentations that are chosen at random and share a strength and a way to read moved pixels. */
abstract class BaseAugmentationPolicy<L extends BaseAugmentationPolicy<L>> extends RandomImageLayer<L> {
    private final double greatest;
    private double[] factor;
    private String interpolation = "bilinear";
    private @Nullable Augmentations augmentations;

    BaseAugmentationPolicy(double greatest) {
        this.greatest = greatest;
        factor = new double[] {0, greatest};
    }

    final L configurePolicy(ConfigReader config) {
        return configureRandom(config)
                .factor(factor(config, "factor", greatest))
                .interpolation(config.string("interpolation", "bilinear"));
    }

    /** Sets how strong changes are, from 0 to 1: a number for 0 to it, or a least and a greatest one. */
    public final L factor(double... factor) {
        requireUnbuilt();
        this.factor = bounds(getClass().getSimpleName(), factor, 0, 1);
        return self();
    }

    /** Sets how moved pixels are read: "bilinear" (if not set) or "nearest". */
    public final L interpolation(String interpolation) {
        requireUnbuilt();
        this.interpolation = interpolation;
        return self();
    }

    /** Returns the augmentations to choose from, by Keras's names and in its order, which a chosen index means. */
    abstract List<String> names();

    @Override
    protected void buildAll(Object inputs) {
        super.buildAll(inputs);
        augmentations = new Augmentations(this, names(), factor, interpolation);
        for (ImageLayer<?> layer : track("augmentations", augmentations.layers())) layer.buildFrom(inputs);
    }

    final Augmentations augmentations() {
        if (augmentations == null) throw new IllegalStateException(describe() + " is not built");
        return augmentations;
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("value_range", range());
        config.put("factor", list(factor));
        config.put("interpolation", interpolation);
        config.put("seed", seed());
        return config;
    }
}
