package org.keras4j.layers;

import java.util.Map;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/** Computes {@code x} for positive and {@code negativeSlope * x} for negative inputs. */
public final class LeakyReLU extends ActivationLayer<LeakyReLU> {
    private final double negativeSlope;

    public LeakyReLU() {
        this(0.3);
    }

    public LeakyReLU(double negativeSlope) {
        if (!(negativeSlope >= 0))
            throw new IllegalArgumentException("LeakyReLU: negative_slope must be 0 or more, got " + negativeSlope);
        this.negativeSlope = negativeSlope;
        supportsMasking(true);
    }

    /** Reads a config; Keras 2 called the slope alpha. */
    static LeakyReLU fromConfig(ConfigReader config) {
        double slope = config.real("negative_slope", config.real("alpha", 0.3));
        return configure(new LeakyReLU(slope), config);
    }

    @Override
    protected Tensor call(Tensor x, Call call) {
        return K.leakyRelu(x, negativeSlope);
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("negative_slope", negativeSlope);
        return config;
    }
}
