package org.keras4j.layers;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/** Shears images at random. */
public final class RandomShear extends GeometricLayer<RandomShear> {
    private final double[] xFactor;
    private final double[] yFactor;

    public RandomShear(double xFactor, double yFactor) {
        this(new double[] {-xFactor, xFactor}, new double[] {-yFactor, yFactor});
    }

    /** Takes the least and greatest shear along each direction. */
    public RandomShear(double[] xFactor, double[] yFactor) {
        this.xFactor = bounds("RandomShear", xFactor, -1, 1);
        this.yFactor = bounds("RandomShear", yFactor, -1, 1);
    }

    static RandomShear fromConfig(ConfigReader config) {
        return new RandomShear(factor(config, "x_factor", 0), factor(config, "y_factor", 0)).configureGeometric(config);
    }

    @Override
    protected @Nullable Object drawTransformation(Shape images, boolean training) {
        if (!training) return null;
        Shape each = Shape.of(images.dim(0), 1);
        Tensor sign = sign(each);
        Tensor y = uniform(each, yFactor);
        Tensor x = uniform(each, xFactor);
        return Map.of("shear_factor", K.multiply(K.concatenate(List.of(x, y), 1), sign));
    }

    @Override
    Tensor matrix(Object transformation, Shape images) {
        Tensor shear = entry(transformation, "shear_factor");
        return columns(images.dim(0), 1, column(shear, 0), 0, column(shear, 1), 1, 0, 0, 0);
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("x_factor", list(xFactor));
        config.put("y_factor", list(yFactor));
        putGeometric(config);
        return config;
    }
}
