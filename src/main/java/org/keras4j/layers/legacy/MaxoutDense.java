package org.keras4j.layers.legacy;

import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.layers.Call;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/** Computes the largest of several affine maps: {@code [batch, in] -> [batch, units]} (Goodfellow et al. 2013). */
final class MaxoutDense extends LegacyLayer<MaxoutDense> {
    private final int units;
    private final int features;
    private final boolean useBias;

    MaxoutDense(ConfigReader config) {
        super(config);
        units = config.integer("units");
        features = config.integer("nb_feature", 4);
        useBias = config.bool("use_bias", true);
    }

    @Override
    protected void build(Shape input) {
        weight("W", features, knownSize(input, -1), units);
        if (useBias) weight("b", features, units);
    }

    @Override
    protected Tensor call(Tensor x, Call call) {
        // [1, batch, in] . [features, in, units]
        Tensor y = K.matmul(K.expandDims(x, 0), ownWeights().get(0).value());
        if (useBias) y = K.add(y, K.expandDims(ownWeights().get(1).value(), 1));
        return K.max(y, 0);
    }
}
