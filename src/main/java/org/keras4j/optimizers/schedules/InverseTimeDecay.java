package org.keras4j.optimizers.schedules;

import java.util.LinkedHashMap;
import java.util.Map;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;

/** Gives {@code initialLearningRate / (1 + decayRate * step / decaySteps)}. */
public final class InverseTimeDecay implements LearningRateSchedule {
    private final double initialLearningRate;
    private final double decaySteps;
    private final double decayRate;
    private boolean staircase = false;
    private String name = "InverseTimeDecay";

    public InverseTimeDecay(double initialLearningRate, double decaySteps, double decayRate) {
        this.initialLearningRate = initialLearningRate;
        this.decaySteps = Schedules.positive("InverseTimeDecay", "decay_steps", decaySteps);
        this.decayRate = decayRate;
    }

    /** Says whether the rate falls only every {@code decaySteps} steps. */
    public InverseTimeDecay staircase(boolean staircase) {
        this.staircase = staircase;
        return this;
    }

    public InverseTimeDecay name(String name) {
        this.name = name;
        return this;
    }

    @Override
    public Tensor call(Tensor step) {
        Tensor p = K.divide(K.cast(step, K.floatx()), decaySteps);
        if (staircase) p = K.floor(p);
        return K.divide(initialLearningRate, K.add(1.0, K.multiply(decayRate, p)));
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
