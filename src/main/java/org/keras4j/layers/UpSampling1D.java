package org.keras4j.layers;

import java.util.Map;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/** Repeats each step: {@code [batch, steps, channels] -> [batch, steps * size, channels]}. */
public final class UpSampling1D extends BaseLayer<UpSampling1D> {
    private final int size;

    public UpSampling1D() {
        this(2);
    }

    public UpSampling1D(int size) {
        if (size <= 0) throw new IllegalArgumentException("UpSampling1D: size must be positive, got " + size);
        this.size = size;
        inputSpec(InputSpec.ofRank(3));
    }

    static UpSampling1D fromConfig(ConfigReader config) {
        int size = config.has("size") ? config.integer("size") : config.integer("length", 2);
        return configure(new UpSampling1D(size), config);
    }

    @Override
    protected Tensor call(Tensor x, Call call) {
        return K.repeat(x, size, 1);
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("size", size);
        return config;
    }
}
