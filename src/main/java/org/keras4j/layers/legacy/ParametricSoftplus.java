package org.keras4j.layers.legacy;

import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.layers.Call;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/** Computes {@code alpha * log(1 + exp(beta * x))} with an alpha and a beta learned at each place. */
final class ParametricSoftplus extends LegacyLayer<ParametricSoftplus> {
    ParametricSoftplus(ConfigReader config) {
        super(config);
    }

    @Override
    protected void build(Shape input) {
        int[] shape = input.from(1).dims();
        weight("alphas", shape);
        weight("betas", shape);
    }

    @Override
    protected Tensor call(Tensor x, Call call) {
        Tensor alpha = ownWeights().get(0).value();
        Tensor beta = ownWeights().get(1).value();
        return K.multiply(alpha, K.softplus(K.multiply(beta, x)));
    }
}
