package org.keras4j.layers;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/** A layer that moves the places of images at random, filling what comes from outside. */
abstract class GeometricLayer<L extends GeometricLayer<L>> extends RandomImageLayer<L> {
    String fillMode = "reflect";
    String interpolation = "bilinear";
    double fillValue;

    /** Sets "reflect" (if not set), "wrap", "constant" or "nearest". */
    public L fillMode(String mode) {
        requireUnbuilt();
        if (!Set.of("reflect", "wrap", "constant", "nearest").contains(mode))
            throw new IllegalArgumentException(
                    className() + ": fill_mode must be reflect, wrap, constant or nearest, got \"" + mode + "\"");
        fillMode = mode;
        return self();
    }

    /** Sets "bilinear" (if not set) or "nearest". */
    public L interpolation(String interpolation) {
        requireUnbuilt();
        if (!interpolation.equals("bilinear") && !interpolation.equals("nearest"))
            throw new IllegalArgumentException(
                    className() + ": interpolation must be bilinear or nearest, got \"" + interpolation + "\"");
        this.interpolation = interpolation;
        return self();
    }

    public L fillValue(double value) {
        requireUnbuilt();
        fillValue = value;
        return self();
    }

    final L configureGeometric(ConfigReader config) {
        return configureRandom(config)
                .fillMode(config.string("fill_mode", "reflect"))
                .interpolation(config.string("interpolation", "bilinear"))
                .fillValue(config.real("fill_value", 0));
    }

    /** Returns the eight numbers per image that say where each place comes from, {@code [batch, 8]}. */
    abstract Tensor matrix(Object transformation, Shape images);

    @Override
    public Tensor transformImages(Tensor images, @Nullable Object transformation, boolean training) {
        Tensor x = K.cast(images, dtypePolicy().compute());
        if (!training || transformation == null) return x;
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("transform", matrix(transformation, x.shape()));
        options.put("interpolation", interpolation);
        options.put("fill_mode", fillMode);
        options.put("fill_value", fillValue);
        return image("affine_transform", x, options);
    }

    /** Puts eight columns {@code [batch, 1]} side by side; null is a column of zeros, a number one of that. */
    static Tensor columns(int batch, @Nullable Object... columns) {
        List<Tensor> parts = new ArrayList<>();
        for (Object c : columns)
            parts.add(
                    c instanceof Tensor t
                            ? t
                            : K.full(Shape.of(batch, 1), c instanceof Number n ? n.doubleValue() : 0, DType.FLOAT32));
        return K.concatenate(parts, 1);
    }

    static Tensor column(Tensor x, int index) {
        return Primitives.slice(K.cast(x, DType.FLOAT32), 1, index, 1);
    }

    final int rows(Shape images) {
        return images.dim(rowAxis());
    }

    final int width(Shape images) {
        return images.dim(rowAxis() + 1);
    }

    final void putGeometric(Map<String, Object> config) {
        config.put("fill_mode", fillMode);
        config.put("interpolation", interpolation);
        config.put("seed", seed());
        config.put("fill_value", fillValue);
    }

    /** Returns a factor as it was given: one number or two. */
    static @Nullable Object given(double @Nullable [] factor) {
        if (factor == null) return null;
        return factor.length == 1 ? (Object) factor[0] : list(factor);
    }
}
