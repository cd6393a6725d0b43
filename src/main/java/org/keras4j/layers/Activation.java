package org.keras4j.layers;

import java.util.Map;
import org.keras4j.activations.Activations;
import org.keras4j.graph.Tensor;
import org.keras4j.serialization.ConfigReader;

/** Applies an activation function. */
public final class Activation extends ActivationLayer<Activation> {
    private final org.keras4j.activations.Activation activation;

    /** Takes the function's name, such as {@code "relu"}. */
    public Activation(String activation) {
        this(Activations.get(activation));
    }

    public Activation(org.keras4j.activations.Activation activation) {
        this.activation = activation;
        supportsMasking(true);
    }

    static Activation fromConfig(ConfigReader config) {
        return configure(new Activation(Activations.get(config.get("activation"))), config);
    }

    @Override
    protected Tensor call(Tensor x, Call call) {
        return activation.call(x);
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("activation", Activations.serialize(activation));
        return config;
    }
}
