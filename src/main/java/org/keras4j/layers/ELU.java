package org.keras4j.layers;

import java.util.LinkedHashMap;
import java.util.Map;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/** Computes {@code x} for positive and {@code alpha * (exp(x) - 1)} for negative inputs. */
public final class ELU extends ActivationLayer<ELU> {
    private final double alpha;

    public ELU() {
        this(1);
    }

    public ELU(double alpha) {
        this.alpha = alpha;
        supportsMasking(true);
    }

    static ELU fromConfig(ConfigReader config) {
        return configure(new ELU(config.real("alpha", 1)), config);
    }

    @Override
    protected Tensor call(Tensor x, Call call) {
        return K.elu(x, alpha);
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("name", name());
        config.put("alpha", alpha);
        config.putAll(super.getConfig());
        return config;
    }
}
