package org.keras4j.optimizers.schedules;

import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;

/** Gives {@code initialLearningRate / (1 + decayRate * step / decaySteps)}. */
public final class InverseTimeDecay extends RateDecay<InverseTimeDecay> {
    public InverseTimeDecay(double initialLearningRate, double decaySteps, double decayRate) {
        super(initialLearningRate, decaySteps, decayRate);
    }

    @Override
    InverseTimeDecay self() {
        return this;
    }

    @Override
    Tensor decayed(double initialLearningRate, double decayRate, Tensor periods) {
        return K.divide(initialLearningRate, K.add(1.0, K.multiply(decayRate, periods)));
    }
}
