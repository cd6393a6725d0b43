package org.keras4j.layers;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/** Moves images at random. */
public final class RandomTranslation extends GeometricLayer<RandomTranslation> {
    private final double[] heightFactor;
    private final double[] widthFactor;

    /** Takes how far to move down and to the right, as parts of height and width. */
    public RandomTranslation(double heightFactor, double widthFactor) {
        this(new double[] {heightFactor}, new double[] {widthFactor});
    }

    /** Takes one number or two (least and greatest) for each direction. */
    public RandomTranslation(double[] heightFactor, double[] widthFactor) {
        bounds("RandomTranslation", heightFactor, -1, 1);
        bounds("RandomTranslation", widthFactor, -1, 1);
        this.heightFactor = heightFactor.clone();
        this.widthFactor = widthFactor.clone();
    }

    static RandomTranslation fromConfig(ConfigReader config) {
        return new RandomTranslation(factor(config, "height_factor", 0), factor(config, "width_factor", 0))
                .configureGeometric(config);
    }

    @Override
    protected @Nullable Object drawTransformation(Shape images, boolean training) {
        if (!training) return null;
        Shape each = Shape.of(images.dim(0), 1);
        Tensor down =
                K.multiply(uniform(each, bounds("RandomTranslation", heightFactor, -1, 1)), (double) rows(images));
        Tensor right =
                K.multiply(uniform(each, bounds("RandomTranslation", widthFactor, -1, 1)), (double) width(images));
        return Map.of("translations", K.concatenate(List.of(right, down), 1));
    }

    @Override
    Tensor matrix(Object transformation, Shape images) {
        Tensor t = entry(transformation, "translations");
        return columns(images.dim(0), 1, 0, K.negative(column(t, 0)), 0, 1, K.negative(column(t, 1)), 0, 0);
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("height_factor", given(heightFactor));
        config.put("width_factor", given(widthFactor));
        putGeometric(config);
        return config;
    }
}
