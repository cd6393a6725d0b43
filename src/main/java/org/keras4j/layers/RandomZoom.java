package org.keras4j.layers;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/** Enlarges or shrinks images at random. */
public final class RandomZoom extends GeometricLayer<RandomZoom> {
    private final double[] heightFactor;
    private final double @Nullable [] widthFactor;

    /** Takes by what part images shrink; both directions together. */
    public RandomZoom(double heightFactor) {
        this(new double[] {heightFactor}, null);
    }

    public RandomZoom(double heightFactor, double widthFactor) {
        this(new double[] {heightFactor}, new double[] {widthFactor});
    }

    /** Takes one number or two (least and greatest) for each direction; no width keeps proportions. */
    public RandomZoom(double[] heightFactor, double @Nullable [] widthFactor) {
        bounds("RandomZoom", heightFactor, -1, 1);
        if (widthFactor != null) bounds("RandomZoom", widthFactor, -1, 1);
        this.heightFactor = heightFactor.clone();
        this.widthFactor = widthFactor == null ? null : widthFactor.clone();
    }

    static RandomZoom fromConfig(ConfigReader config) {
        double[] width = config.get("width_factor") == null ? null : factor(config, "width_factor", 0);
        return new RandomZoom(factor(config, "height_factor", 0), width).configureGeometric(config);
    }

    private static double[] around1(double[] factor) {
        double[] range = bounds("RandomZoom", factor, -1, 1);
        return new double[] {1 + range[0], 1 + range[1]};
    }

    @Override
    protected @Nullable Object drawTransformation(Shape images, boolean training) {
        if (!training) return null;
        Shape each = Shape.of(images.dim(0), 1);
        Tensor height = uniform(each, around1(heightFactor));
        Tensor width = widthFactor == null ? height : uniform(each, around1(widthFactor));
        return Map.of("height_zoom", height, "width_zoom", width);
    }

    @Override
    Tensor matrix(Object transformation, Shape images) {
        Tensor x = K.cast(entry(transformation, "width_zoom"), DType.FLOAT32);
        Tensor y = K.cast(entry(transformation, "height_zoom"), DType.FLOAT32);
        Tensor right = K.multiply(K.subtract(1.0, x), (width(images) - 1) / 2.0);
        Tensor down = K.multiply(K.subtract(1.0, y), (rows(images) - 1) / 2.0);
        return columns(images.dim(0), x, 0, right, 0, y, down, 0, 0);
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
