package org.keras4j.layers;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;
import org.keras4j.random.Random;
import org.keras4j.serialization.ConfigReader;

/** Drops elements in training so that mean and variance stay, for networks of selu (Klambauer et al. 2017). */
public final class AlphaDropout extends NoiseLayer<AlphaDropout> {
    /** What selu tends to for large negative inputs. */
    private static final double LOW = -1.6732632423543772 * 1.0507009873554805;

    private int @Nullable [] noiseShape;

    public AlphaDropout(double rate) {
        super("rate", rate);
    }

    static AlphaDropout fromConfig(ConfigReader config) {
        AlphaDropout layer =
                configure(new AlphaDropout(config.real("rate")), config).seed(config.nullableInteger("seed"));
        Shape shape = config.nullableShape("noise_shape");
        return shape == null ? layer : layer.noiseShape(shape.dims());
    }

    /** Sets the shape of the mask, where 1 means that an axis is dropped as a whole and -1 the input's size. */
    public AlphaDropout noiseShape(int @Nullable ... noiseShape) {
        requireUnbuilt();
        this.noiseShape = noiseShape == null ? null : noiseShape.clone();
        return this;
    }

    @Override
    Tensor noisy(Tensor x, Tensor seed) {
        Shape shape = noiseShape == null ? x.shape() : Dropout.filled(noiseShape, x.shape());
        Tensor kept = K.broadcastTo(Random.bernoulli(shape, 1 - rate, seed), x.shape());
        double a = 1 / Math.sqrt((1 - rate) * (1 + rate * LOW * LOW));
        double b = -a * LOW * rate;
        return K.add(K.multiply(K.where(kept, x, LOW), a), b);
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
