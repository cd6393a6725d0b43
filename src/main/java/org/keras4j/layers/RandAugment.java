package org.keras4j.layers;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/** Changes images with some augmentations chosen at random, the same for the whole batch (Cubuk et al. 2019). */
public final class RandAugment extends BaseAugmentationPolicy<RandAugment> {
    private static final List<String> NAMES = List.of(
            "random_shear",
            "random_translation",
            "random_rotation",
            "random_brightness",
            "random_color_degeneration",
            "random_contrast",
            "random_sharpness",
            "random_posterization",
            "solarization",
            "auto_contrast",
            "equalization");

    private int numOps = 2;

    public RandAugment() {
        super(0.5);
    }

    static RandAugment fromConfig(ConfigReader config) {
        return new RandAugment().configurePolicy(config).numOps(config.integer("num_ops", 2));
    }

    /** Sets how many augmentations follow each other; 2 if not set. */
    public RandAugment numOps(int count) {
        requireUnbuilt();
        if (count < 0) throw new IllegalArgumentException("RandAugment: num_ops must be 0 or more, got " + count);
        numOps = count;
        return this;
    }

    @Override
    List<String> names() {
        return NAMES;
    }

    @Override
    protected @Nullable Object drawTransformation(Shape images, boolean training) {
        if (!training) return null;
        Map<String, Object> drawn = new LinkedHashMap<>();
        drawn.put("layer_idxes", augmentations().drawIndices(numOps, false, draw()));
        drawn.put("transforms", augmentations().draw(images));
        return drawn;
    }

    @Override
    public Tensor transformImages(Tensor images, @Nullable Object transformation, boolean training) {
        Tensor x = K.cast(images, dtypePolicy().compute());
        if (!training || transformation == null) return x;
        Tensor chosen = entry(transformation, "layer_idxes");
        if (!(transformation instanceof Map<?, ?> map) || !(map.get("transforms") instanceof Map<?, ?> transforms))
            throw new IllegalArgumentException("expected a transformation with transforms, got " + transformation);
        for (int i = 0; i < numOps; i++)
            x = augmentations().transformOne(Primitives.slice(chosen, 0, i, 1), transforms, x);
        return x;
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("num_ops", numOps);
        return config;
    }
}
