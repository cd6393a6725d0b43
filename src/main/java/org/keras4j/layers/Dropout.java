package org.keras4j.layers;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.random.Random;
import org.keras4j.serialization.ConfigReader;

/**
 * Sets elements to zero with probability {@code rate} in training, and multiplies the others by
 * {@code 1 / (1 - rate)}, so that sums stay on average (Srivastava et al. 2014).
 */
public final class Dropout extends NoiseLayer<Dropout> {
    private int @Nullable [] noiseShape;

    public Dropout(double rate) {
        super("rate", rate);
    }

    static Dropout fromConfig(ConfigReader config) {
        Dropout layer = configure(new Dropout(config.real("rate")), config).seed(config.nullableInteger("seed"));
        Shape shape = config.nullableShape("noise_shape");
        return shape == null ? layer : layer.noiseShape(shape.dims());
    }

    /** Sets the shape of the mask, where 1 means that an axis is dropped as a whole and -1 the input's size. */
    public Dropout noiseShape(int @Nullable ... noiseShape) {
        requireUnbuilt();
        this.noiseShape = noiseShape == null ? null : noiseShape.clone();
        return this;
    }

    @Override
    Tensor noisy(Tensor x, Tensor seed) {
        return Random.dropout(x, rate, noiseShape == null ? null : filled(noiseShape, x.shape()), seed);
    }

    /** Returns the shape with the input's size where it is -1. */
    static Shape filled(int[] noiseShape, Shape input) {
        if (noiseShape.length != input.rank())
            throw new IllegalArgumentException("noise_shape must have " + input.rank() + " sizes for input of shape "
                    + input + ", got " + Shape.of(noiseShape));
        int[] dims = noiseShape.clone();
        for (int i = 0; i < dims.length; i++) if (dims[i] == -1) dims[i] = input.dim(i);
        return Shape.of(dims);
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("rate", rate);
        config.put("seed", seed());
        config.put("noise_shape", noiseShape == null ? null : Shape.of(noiseShape));
        return config;
    }
}
