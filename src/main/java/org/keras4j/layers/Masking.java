package org.keras4j.layers;

import java.util.Map;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/** Masks the steps all of whose features equal a value, and sets them to zero. */
public final class Masking extends BaseLayer<Masking> {
    private final double maskValue;

    public Masking() {
        this(0);
    }

    public Masking(double maskValue) {
        this.maskValue = maskValue;
        supportsMasking(true);
    }

    static Masking fromConfig(ConfigReader config) {
        return configure(new Masking(config.real("mask_value", 0)), config);
    }

    @Override
    protected Tensor call(Tensor x, Call call) {
        Tensor mask = K.any(K.notEqual(x, maskValue), -1, true);
        return K.where(mask, x, K.zerosLike(x)).mask(K.squeeze(mask, -1));
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("mask_value", maskValue);
        return config;
    }
}
