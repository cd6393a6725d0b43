package org.keras4j.layers;

import java.util.Map;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/** Repeats a vector n times: {@code [batch, features] -> [batch, n, features]}. */
public final class RepeatVector extends BaseLayer<RepeatVector> {
    private final int n;

    public RepeatVector(int n) {
        if (n <= 0) throw new IllegalArgumentException("RepeatVector: n must be positive, got " + n);
        this.n = n;
        inputSpec(InputSpec.ofRank(2));
    }

    static RepeatVector fromConfig(ConfigReader config) {
        return configure(new RepeatVector(config.integer("n")), config);
    }

    @Override
    protected Tensor call(Tensor x, Call call) {
        return K.broadcastTo(K.expandDims(x, 1), x.shape().insert(1, n));
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("n", n);
        return config;
    }
}
