package org.keras4j.layers;

import org.jspecify.annotations.Nullable;
import org.keras4j.activations.Activation;
import org.keras4j.activations.Activations;
import org.keras4j.serialization.ConfigReader;

/** The options of layers that end with a bias and an activation. */
abstract class BiasLayer<L extends BiasLayer<L>> extends BaseLayer<L> {
    final Parameter bias = new Parameter("bias", "zeros");
    Activation activation = Activations.get("linear");
    boolean useBias = true;

    /** Sets the function of the result by name; linear if not set. */
    public L activation(@Nullable String name) {
        return activation(Activations.get(name));
    }

    /** Sets the function of the result; linear if not set. */
    public L activation(Activation activation) {
        requireUnbuilt();
        takeActivation(activation);
        return self();
    }

    /** Sets how the bias starts: an initializer or its name. */
    public L biasInitializer(Object initializer) {
        requireUnbuilt();
        bias.initializer(initializer);
        return self();
    }

    /** Sets the penalty on the bias: a regularizer or its name. */
    public L biasRegularizer(@Nullable Object regularizer) {
        requireUnbuilt();
        bias.regularizer(regularizer);
        return self();
    }

    /** Sets what the bias is held to: a constraint or its name. */
    public L biasConstraint(@Nullable Object constraint) {
        requireUnbuilt();
        bias.constraint(constraint);
        return self();
    }

    /** Reads the options that are here, and those of all layers. */
    final L configureBias(ConfigReader config) {
        configure(this, config);
        takeActivation(Activations.get(config.get("activation")));
        useBias = config.bool("use_bias", true);
        bias.read(config);
        return self();
    }

    /** A layer as activation may have weights, which are then this layer's. */
    private void takeActivation(Activation given) {
        activation = given;
        if (given instanceof Layer layer) track("activation", layer);
    }
}
