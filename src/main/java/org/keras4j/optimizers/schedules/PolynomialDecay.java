package org.keras4j.optimizers.schedules;

import java.util.LinkedHashMap;
import java.util.Map;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;

/** Goes from the initial to the end learning rate as {@code (1 - step / decaySteps) ^ power}. */
public final class PolynomialDecay implements LearningRateSchedule {
    private final double initialLearningRate;
    private final double decaySteps;
    private double endLearningRate = 0.0001;
    private double power = 1;
    private boolean cycle = false;
    private String name = "PolynomialDecay";

    public PolynomialDecay(double initialLearningRate, double decaySteps) {
        this.initialLearningRate = initialLearningRate;
        this.decaySteps = Schedules.positive("PolynomialDecay", "decay_steps", decaySteps);
    }

    public PolynomialDecay(double initialLearningRate, double decaySteps, double endLearningRate) {
        this(initialLearningRate, decaySteps);
        endLearningRate(endLearningRate);
    }

    public PolynomialDecay endLearningRate(double endLearningRate) {
        this.endLearningRate = endLearningRate;
        return this;
    }

    public PolynomialDecay power(double power) {
        this.power = power;
        return this;
    }

    /** Says whether to start again, with more and more steps, instead of staying at the end. */
    public PolynomialDecay cycle(boolean cycle) {
        this.cycle = cycle;
        return this;
    }

    public PolynomialDecay name(String name) {
        this.name = name;
        return this;
    }

    @Override
    public Tensor call(Tensor step) {
        Tensor at = K.cast(step, K.floatx());
        Tensor p;
        if (cycle) {
            Tensor cycles = K.where(K.equal(at, 0), 1.0, K.ceil(K.divide(at, decaySteps)));
            p = K.divide(at, K.multiply(decaySteps, cycles));
        } else p = K.divide(K.minimum(at, decaySteps), decaySteps);
        Tensor rest = K.power(K.subtract(1.0, p), power);
        return K.add(K.multiply(initialLearningRate - endLearningRate, rest), endLearningRate);
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("initial_learning_rate", initialLearningRate);
        config.put("decay_steps", Schedules.count(decaySteps));
        config.put("end_learning_rate", endLearningRate);
        config.put("power", power);
        config.put("cycle", cycle);
        config.put("name", name);
        return config;
    }
}
