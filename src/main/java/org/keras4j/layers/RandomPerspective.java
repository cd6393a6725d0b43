package org.keras4j.layers;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/** Looks at some images from random sides. */
public final class RandomPerspective extends RandomImageLayer<RandomPerspective> {
    private final double[] factor;
    private double scale = 1;
    private String interpolation = "bilinear";
    private double fillValue;

    public RandomPerspective() {
        this(1);
    }

    /** Takes the probability: a number, or a least and a greatest one. */
    public RandomPerspective(double... factor) {
        this.factor = bounds("RandomPerspective", factor, 0, 1);
    }

    static RandomPerspective fromConfig(ConfigReader config) {
        return new RandomPerspective(factor(config, "factor", 1))
                .configureRandom(config)
                .scale(config.real("scale", 1))
                .interpolation(config.string("interpolation", "bilinear"))
                .fillValue(config.real("fill_value", 0));
    }

    /** Sets how far corners move, from 0 to 1; 1 if not set. */
    public RandomPerspective scale(double scale) {
        requireUnbuilt();
        if (!(scale >= 0 && scale <= 1))
            throw new IllegalArgumentException("RandomPerspective: scale must be from 0 to 1, got " + scale);
        this.scale = scale;
        return this;
    }

    /** Sets "bilinear" (if not set) or "nearest". */
    public RandomPerspective interpolation(String interpolation) {
        requireUnbuilt();
        this.interpolation = interpolation;
        return this;
    }

    public RandomPerspective fillValue(double value) {
        requireUnbuilt();
        fillValue = value;
        return this;
    }

    @Override
    protected @Nullable Object drawTransformation(Shape images, boolean training) {
        if (!training) return null;
        float right = images.dim(rowAxis() + 1) - 1;
        float down = images.dim(rowAxis()) - 1;
        Tensor corners = Tensor.of(NDArray.of(Shape.of(1, 4, 2), 0f, 0f, right, 0f, 0f, down, right, down));
        Tensor start = K.broadcastTo(corners, Shape.of(images.dim(0), 4, 2));
        Tensor moved = uniform(start.shape(), new double[] {-0.5 * scale, 0.5 * scale});
        Tensor end = K.add(start, K.multiply(start, moved));
        return Map.of("apply_perspective", chosen(images, factor), "start_points", start, "end_points", end);
    }

    @Override
    public Tensor transformImages(Tensor images, @Nullable Object transformation, boolean training) {
        Tensor x = K.cast(images, dtypePolicy().compute());
        if (!training || transformation == null) return x;
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("start_points", entry(transformation, "start_points"));
        options.put("end_points", entry(transformation, "end_points"));
        options.put("interpolation", interpolation);
        options.put("fill_value", fillValue);
        Tensor seen = image("perspective_transform", x, options);
        return K.where(perImage(entry(transformation, "apply_perspective")), seen, x);
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("factor", list(factor));
        config.put("scale", scale);
        config.put("interpolation", interpolation);
        config.put("fill_value", fillValue);
        config.put("seed", seed());
        return config;
    }
}
