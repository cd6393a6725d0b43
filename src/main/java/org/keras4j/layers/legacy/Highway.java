package org.keras4j.layers.legacy;

import org.keras4j.Shape;
import org.keras4j.activations.Activation;
import org.keras4j.activations.Activations;
import org.keras4j.graph.Tensor;
import org.keras4j.layers.Call;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/**
 * Computes {@code t * activation(x . W + b) + (1 - t) * x} with the gate {@code t = sigmoid(x . W_carry + b_carry)}:
 * {@code [batch, n] -> [batch, n]} (Srivastava et al. 2015).
 */
final class Highway extends LegacyLayer<Highway> {
    private final Activation activation;
    private final boolean useBias;

    Highway(ConfigReader config) {
        super(config);
        activation = Activations.get(config.get("activation"));
        useBias = config.bool("use_bias", true);
    }

    @Override
    protected void build(Shape input) {
        int size = knownSize(input, -1);
        weight("W", size, size);
        weight("W_carry", size, size);
        if (!useBias) return;
        weight("b", size);
        weight("b_carry", size);
    }

    @Override
    protected Tensor call(Tensor x, Call call) {
        Tensor gate = K.sigmoid(affine(x, 1));
        Tensor changed = activation.call(affine(x, 0));
        return K.add(K.multiply(gate, changed), K.multiply(K.subtract(1, gate), x));
    }

    private Tensor affine(Tensor x, int which) {
        Tensor y = K.matmul(x, ownWeights().get(which).value());
        return useBias ? K.add(y, ownWeights().get(2 + which).value()) : y;
    }
}
