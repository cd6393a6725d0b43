package org.keras4j.optimizers;

import org.jspecify.annotations.Nullable;
import org.keras4j.optimizers.schedules.LearningRateSchedule;

/** Adam with weight decay apart from the gradient (Loshchilov and Hutter 2019). */
public final class AdamW extends BaseAdam<AdamW> {
    public AdamW() {
        weightDecay(0.004);
    }

    public AdamW(double learningRate) {
        this();
        learningRate(learningRate);
    }

    public AdamW(LearningRateSchedule learningRate) {
        this();
        learningRate(learningRate);
    }

    public AdamW(double learningRate, double weightDecay) {
        this(learningRate);
        weightDecay(weightDecay);
    }

    @Override
    public AdamW weightDecay(@Nullable Double weightDecay) {
        if (weightDecay == null)
            throw new IllegalArgumentException("AdamW: expected weight_decay to be a number, got null");
        return super.weightDecay(weightDecay);
    }

    @Override
    protected AdamW self() {
        return this;
    }
}
