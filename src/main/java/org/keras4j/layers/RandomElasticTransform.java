package org.keras4j.layers;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.Image;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/** Distorts some images as if they were drawn on rubber. */
public final class RandomElasticTransform extends RandomImageLayer<RandomElasticTransform> {
    /** How far places move, and how smoothly, as parts of the larger and the smaller side of an image. */
    private static final double ALPHA = 0.1;

    private static final double SIGMA = 0.05;

    private final double[] factor;
    private double[] scale = {0, 1};
    private String interpolation = "bilinear";
    private String fillMode = "reflect";
    private double fillValue;

    public RandomElasticTransform() {
        this(1);
    }

    /** Takes the probability: a number, or a least and a greatest one. */
    public RandomElasticTransform(double... factor) {
        this.factor = bounds("RandomElasticTransform", factor, 0, 1);
    }

    static RandomElasticTransform fromConfig(ConfigReader config) {
        return new RandomElasticTransform(factor(config, "factor", 1))
                .configureRandom(config)
                .scale(factor(config, "scale", 1))
                .interpolation(config.string("interpolation", "bilinear"))
                .fillMode(config.string("fill_mode", "reflect"))
                .fillValue(config.real("fill_value", 0));
    }

    /** Sets how strong the change is: a number, or a least and a greatest one, from 0 to 1; 1 if not set. */
    public RandomElasticTransform scale(double... scale) {
        requireUnbuilt();
        this.scale = bounds("RandomElasticTransform", scale, 0, 1);
        return this;
    }

    /** Sets "bilinear" (if not set) or "nearest". */
    public RandomElasticTransform interpolation(String interpolation) {
        requireUnbuilt();
        this.interpolation = oneOf("interpolation", interpolation, List.of("bilinear", "nearest"));
        return this;
    }

    /** Sets what is beyond the edges: "reflect" (if not set), "mirror", "wrap", "constant" or "nearest". */
    public RandomElasticTransform fillMode(String mode) {
        requireUnbuilt();
        fillMode = oneOf("fill_mode", mode, List.of("constant", "nearest", "wrap", "mirror", "reflect"));
        return this;
    }

    private static String oneOf(String key, String value, List<String> known) {
        if (known.contains(value)) return value;
        throw new IllegalArgumentException(
                "RandomElasticTransform: " + key + " must be one of " + known + ", got \"" + value + "\"");
    }

    /** Sets the value beyond the edges for the fill mode "constant"; 0 if not set. */
    public RandomElasticTransform fillValue(double value) {
        requireUnbuilt();
        fillValue = value;
        return this;
    }

    @Override
    protected @Nullable Object drawTransformation(Shape images, boolean training) {
        if (!training || scale[1] == 0 || factor[1] == 0) return null;
        return Map.of(
                "apply_transform", chosen(images, factor),
                "distortion_factor", uniform(Shape.SCALAR, scale),
                "seed", draw());
    }

    @Override
    public Tensor transformImages(Tensor images, @Nullable Object transformation, boolean training) {
        Tensor x = K.cast(images, dtypePolicy().compute());
        if (!training || transformation == null) return x;
        int rows = x.shape().dim(rowAxis());
        int columns = x.shape().dim(rowAxis() + 1);
        Tensor strength = entry(transformation, "distortion_factor");
        double sigma = SIGMA * Math.min(rows, columns);
        Tensor moved = Image.elasticTransform(
                x,
                K.multiply(ALPHA * Math.max(rows, columns), strength),
                K.multiply(sigma, strength),
                sigma * scale[1],
                interpolation,
                fillMode,
                fillValue,
                entry(transformation, "seed"),
                dataFormat());
        return clipped(K.where(perImage(entry(transformation, "apply_transform")), moved, x));
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("factor", list(factor));
        config.put("scale", list(scale));
        config.put("interpolation", interpolation);
        config.put("fill_mode", fillMode);
        config.put("fill_value", fillValue);
        config.put("value_range", range());
        config.put("seed", seed());
        return config;
    }
}
