package org.keras4j.layers;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/** Turns images at random around their middle. */
public final class RandomRotation extends GeometricLayer<RandomRotation> {
    private final double[] factor;

    /** Takes the angle as part of a full turn: a number, or a least and a greatest one. */
    public RandomRotation(double... factor) {
        this.factor = bounds("RandomRotation", factor, -1, 1);
    }

    static RandomRotation fromConfig(ConfigReader config) {
        return new RandomRotation(factor(config, "factor", 0)).configureGeometric(config);
    }

    @Override
    protected @Nullable Object drawTransformation(Shape images, boolean training) {
        if (!training) return null;
        int batch = images.dim(0);
        double[] turn = {factor[0] * 2 * Math.PI, factor[1] * 2 * Math.PI};
        Tensor angle = uniform(Shape.of(batch, 1), turn);
        Tensor cos = K.cos(angle);
        Tensor sin = K.sin(angle);
        double right = (width(images) - 1) / 2.0;
        double down = (rows(images) - 1) / 2.0;
        Tensor x = K.add(K.subtract(right, K.multiply(cos, right)), K.multiply(sin, down));
        Tensor y = K.subtract(K.subtract(down, K.multiply(sin, right)), K.multiply(cos, down));
        Tensor matrix = columns(batch, cos, K.negative(sin), x, sin, cos, y, 0, 0);
        return Map.of("angle", angle, "rotation_matrix", matrix);
    }

    @Override
    Tensor matrix(Object transformation, Shape images) {
        return entry(transformation, "rotation_matrix");
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("factor", list(factor));
        config.put("fill_mode", fillMode);
        config.put("fill_value", fillValue);
        config.put("interpolation", interpolation);
        config.put("seed", seed());
        return config;
    }
}
