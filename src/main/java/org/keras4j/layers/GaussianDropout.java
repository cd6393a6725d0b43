package org.keras4j.layers;

import java.util.Map;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;
import org.keras4j.random.Random;
import org.keras4j.serialization.ConfigReader;

/** Multiplies with normal numbers around 1 in training, with the variance of a dropout of {@code rate}. */
public final class GaussianDropout extends NoiseLayer<GaussianDropout> {
    public GaussianDropout(double rate) {
        super("rate", rate);
    }

    static GaussianDropout fromConfig(ConfigReader config) {
        return configure(new GaussianDropout(config.real("rate")), config).seed(config.nullableInteger("seed"));
    }

    @Override
    Tensor noisy(Tensor x, Tensor seed) {
        double stddev = Math.sqrt(rate / (1 - rate));
        return K.multiply(x, Random.normal(x.shape(), 1, stddev, x.dtype(), seed));
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("rate", rate);
        config.put("seed", seed());
        return config;
    }
}
