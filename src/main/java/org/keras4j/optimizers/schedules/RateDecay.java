package org.keras4j.optimizers.schedules;

import java.util.LinkedHashMap;
import java.util.Map;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;

/**
 * A learning rate that falls by {@code decayRate} in {@code decaySteps} steps.
 *
 * @param <S> the schedule itself
 */
abstract class RateDecay<S extends RateDecay<S>> implements LearningRateSchedule {
    private final double initialLearningRate;
    private final double decaySteps;
    private final double decayRate;
    private boolean staircase = false;
    private String name = className();

    RateDecay(double initialLearningRate, double decaySteps, double decayRate) {
        this.initialLearningRate = initialLearningRate;
        this.decaySteps = Schedules.positive(className(), "decay_steps", decaySteps);
        this.decayRate = decayRate;
    }

    abstract S self();

    /** Returns the rate after {@code periods} times {@code decaySteps} steps. */
    abstract Tensor decayed(double initialLearningRate, double decayRate, Tensor periods);

    /** Says whether the rate falls only every {@code decaySteps} steps. */
    public S staircase(boolean staircase) {
        this.staircase = staircase;
        return self();
    }

    public S name(String name) {
        this.name = name;
        return self();
    }

    @Override
    public Tensor call(Tensor step) {
        Tensor periods = K.divide(K.cast(step, K.floatx()), decaySteps);
        return decayed(initialLearningRate, decayRate, staircase ? K.floor(periods) : periods);
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("initial_learning_rate", initialLearningRate);
        config.put("decay_steps", Schedules.count(decaySteps));
        config.put("decay_rate", decayRate);
        config.put("staircase", staircase);
        config.put("name", name);
        return config;
    }
}
