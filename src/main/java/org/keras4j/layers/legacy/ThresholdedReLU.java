package org.keras4j.layers.legacy;

import org.keras4j.graph.Tensor;
import org.keras4j.layers.Call;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/** Computes {@code x} where {@code x > theta}, else 0. */
final class ThresholdedReLU extends LegacyLayer<ThresholdedReLU> {
    private final double theta;

    ThresholdedReLU(ConfigReader config) {
        super(config);
        theta = config.real("theta", 1);
        supportsMasking(true);
    }

    @Override
    protected Tensor call(Tensor x, Call call) {
        return K.multiply(x, K.cast(K.greater(x, theta), x.dtype()));
    }
}
