package org.keras4j.optimizers;

import org.keras4j.optimizers.schedules.LearningRateSchedule;

/** Adaptive moments (Kingma and Ba 2014). */
public final class Adam extends BaseAdam<Adam> {
    public Adam() {}

    public Adam(double learningRate) {
        this();
        learningRate(learningRate);
    }

    public Adam(LearningRateSchedule learningRate) {
        this();
        learningRate(learningRate);
    }

    @Override
    protected Adam self() {
        return this;
    }
}
