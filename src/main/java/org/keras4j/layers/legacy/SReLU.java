package org.keras4j.layers.legacy;

import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.layers.Call;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/** A function of three straight pieces, whose bends and outer slopes are learned at each place (Jin et al. 2015). */
final class SReLU extends LegacyLayer<SReLU> {
    SReLU(ConfigReader config) {
        super(config);
    }

    @Override
    protected void build(Shape input) {
        int[] shape = input.from(1).dims();
        for (String name : new String[] {"t_left", "a_left", "t_right", "a_right"}) weight(name, shape);
    }

    @Override
    protected Tensor call(Tensor x, Call call) {
        Tensor left = ownWeights().get(0).value();
        Tensor leftSlope = ownWeights().get(1).value();
        Tensor rightSlope = ownWeights().get(3).value();
        Tensor right = K.add(left, K.abs(ownWeights().get(2).value()));
        Tensor middle = K.minimum(K.relu(K.subtract(x, left)), K.subtract(right, left));
        Tensor below = K.multiply(leftSlope, K.relu(K.subtract(left, x)));
        Tensor above = K.multiply(rightSlope, K.relu(K.subtract(x, right)));
        return K.add(K.subtract(K.add(left, middle), below), above);
    }
}
