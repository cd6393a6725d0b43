package org.keras4j.layers;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.activations.Activations;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Variable;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/** Computes {@code activation(x . kernel + bias)} along the last axis: {@code [..., in] -> [..., units]}. */
public final class Dense extends KernelLayer<Dense> {
    private final int units;
    private @Nullable Variable biasWeight;

    public Dense(int units) {
        if (units <= 0) throw new IllegalArgumentException("Dense: units must be positive, got " + units);
        this.units = units;
        supportsMasking(true);
        inputSpec(InputSpec.atLeast(2));
    }

    public Dense(int units, String activation) {
        this(units);
        activation(activation);
    }

    static Dense fromConfig(ConfigReader config) {
        return new Dense(config.integer("units")).configureKernel(config);
    }

    /** Says whether a bias is added; true if not set. */
    public Dense useBias(boolean useBias) {
        requireUnbuilt();
        this.useBias = useBias;
        return this;
    }

    @Override
    protected void build(Shape input) {
        int in = knownSize(input, -1);
        Variable weight = kernel.add(this, Shape.of(in, units));
        if (useBias) biasWeight = bias.add(this, Shape.of(units));
        kernelWeight(weight);
        inputSpec(InputSpec.atLeast(2).with(-1, in));
    }

    @Override
    protected Tensor call(Tensor x, Call call) {
        Tensor y = K.matmul(x, kernel());
        if (biasWeight != null) y = K.add(y, biasWeight.value());
        return activation.call(y);
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("units", units);
        config.put("activation", Activations.serialize(activation));
        config.put("use_bias", useBias);
        Parameter.putAll(config, kernel, bias);
        config.put("quantization_config", null);
        putLora(config);
        return config;
    }
}
