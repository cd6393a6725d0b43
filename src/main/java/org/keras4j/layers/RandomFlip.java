package org.keras4j.layers;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/** Mirrors some images. */
public final class RandomFlip extends RandomImageLayer<RandomFlip> {
    private final String mode;

    public RandomFlip() {
        this("horizontal_and_vertical");
    }

    /** Takes "horizontal", "vertical" or "horizontal_and_vertical". */
    public RandomFlip(String mode) {
        if (!Set.of("horizontal", "vertical", "horizontal_and_vertical").contains(mode))
            throw new IllegalArgumentException("RandomFlip: mode must be \"horizontal\", \"vertical\" or"
                    + " \"horizontal_and_vertical\", got \"" + mode + "\"");
        this.mode = mode;
    }

    static RandomFlip fromConfig(ConfigReader config) {
        return new RandomFlip(config.string("mode", "horizontal_and_vertical")).configureRandom(config);
    }

    @Override
    protected @Nullable Object drawTransformation(Shape images, boolean training) {
        if (!training) return null;
        Tensor u = uniform(Shape.of(images.dim(0), 1, 1, 1), new double[] {0, 1});
        return Map.of("flips", K.lessEqual(u, 0.5));
    }

    @Override
    public Tensor transformImages(Tensor images, @Nullable Object transformation, boolean training) {
        Tensor x = K.cast(images, dtypePolicy().compute());
        if (!training || transformation == null) return x;
        Tensor flips = entry(transformation, "flips");
        if (!mode.equals("vertical")) x = K.where(flips, K.flip(x, rowAxis() + 1), x);
        if (!mode.equals("horizontal")) x = K.where(flips, K.flip(x, rowAxis()), x);
        return x;
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("seed", seed());
        config.put("mode", mode);
        return config;
    }
}
