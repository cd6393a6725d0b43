package org.keras4j.layers;

import java.util.Map;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;
import org.keras4j.random.Random;
import org.keras4j.serialization.ConfigReader;

/** Adds normal numbers around 0 in training. */
public final class GaussianNoise extends NoiseLayer<GaussianNoise> {
    public GaussianNoise(double stddev) {
        super("stddev", stddev);
    }

    static GaussianNoise fromConfig(ConfigReader config) {
        return configure(new GaussianNoise(config.real("stddev")), config).seed(config.nullableInteger("seed"));
    }

    @Override
    Tensor noisy(Tensor x, Tensor seed) {
        return K.add(x, Random.normal(x.shape(), 0, rate, x.dtype(), seed));
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("stddev", rate);
        config.put("seed", seed());
        return config;
    }
}
