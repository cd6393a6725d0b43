package org.keras4j.optimizers.schedules;

import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;

/** Gives {@code initialLearningRate * decayRate ^ (step / decaySteps)}. */
public final class ExponentialDecay extends RateDecay<ExponentialDecay> {
    public ExponentialDecay(double initialLearningRate, double decaySteps, double decayRate) {
        super(initialLearningRate, decaySteps, decayRate);
    }

    @Override
    ExponentialDecay self() {
        return this;
    }

    @Override
    Tensor decayed(double initialLearningRate, double decayRate, Tensor periods) {
        return K.multiply(initialLearningRate, K.power(decayRate, periods));
    }
}
