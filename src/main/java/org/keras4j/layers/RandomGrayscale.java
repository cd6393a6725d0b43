package org.keras4j.layers;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/** Makes some images grey. */
public final class RandomGrayscale extends RandomImageLayer<RandomGrayscale> {
    private final double[] factor;

    public RandomGrayscale() {
        this(0.5);
    }

    /** Takes how strong the change is: a number, or a least and a greatest one. */
    public RandomGrayscale(double... factor) {
        this.factor = bounds("RandomGrayscale", factor, 0, 1);
    }

    static RandomGrayscale fromConfig(ConfigReader config) {
        return new RandomGrayscale(factor(config, "factor", 0.5)).configureRandom(config);
    }

    @Override
    protected @Nullable Object drawTransformation(Shape images, boolean training) {
        return perImage(K.less(uniform(images.slice(0, 1), new double[] {0, 1}), factor[1]));
    }

    @Override
    public Tensor transformImages(Tensor images, @Nullable Object transformation, boolean training) {
        if (!training || transformation == null) return images;
        if (!(transformation instanceof Tensor chosen))
            throw new IllegalArgumentException("expected a tensor that says which images, got " + transformation);
        return K.where(chosen, image("rgb_to_grayscale", images, Map.of()), images);
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("factor", factor[1]);
        return config;
    }
}
