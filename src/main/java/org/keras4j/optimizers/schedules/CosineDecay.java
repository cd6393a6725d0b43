package org.keras4j.optimizers.schedules;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;

/**
 * Goes down to {@code alpha} times the rate as half a cosine (Loshchilov and Hutter 2016), after a linear warm-up from
 * the initial learning rate to {@code warmupTarget} where that is given.
 */
public final class CosineDecay implements LearningRateSchedule {
    private final double initialLearningRate;
    private final double decaySteps;
    private double alpha = 0;
    private String name = "CosineDecay";
    private @Nullable Double warmupTarget;
    private double warmupSteps = 0;

    public CosineDecay(double initialLearningRate, double decaySteps) {
        this.initialLearningRate = initialLearningRate;
        this.decaySteps = Schedules.positive("CosineDecay", "decay_steps", decaySteps);
    }

    public CosineDecay(double initialLearningRate, double decaySteps, double alpha) {
        this(initialLearningRate, decaySteps);
        alpha(alpha);
    }

    /** Sets the last rate as a part of the highest. */
    public CosineDecay alpha(double alpha) {
        this.alpha = alpha;
        return this;
    }

    public CosineDecay name(String name) {
        this.name = name;
        return this;
    }

    /** Sets the rate at the end of the warm-up; null for none. */
    public CosineDecay warmupTarget(@Nullable Double warmupTarget) {
        this.warmupTarget = warmupTarget;
        return this;
    }

    public CosineDecay warmupSteps(double warmupSteps) {
        this.warmupSteps = warmupSteps;
        return this;
    }

    @Override
    public Tensor call(Tensor step) {
        Tensor at = K.cast(step, K.floatx());
        if (warmupTarget == null) return decay(K.minimum(at, decaySteps), initialLearningRate);
        Tensor decayed = decay(K.minimum(K.subtract(at, warmupSteps), decaySteps), warmupTarget);
        if (warmupSteps == 0) return decayed;
        Tensor part = K.divide(at, warmupSteps);
        Tensor warming = K.add(K.multiply(warmupTarget - initialLearningRate, part), initialLearningRate);
        return K.where(K.less(at, warmupSteps), warming, decayed);
    }

    private Tensor decay(Tensor step, double from) {
        Tensor angle = K.multiply(Math.PI, K.divide(step, decaySteps));
        Tensor cosine = K.multiply(0.5, K.add(1.0, K.cos(angle)));
        return K.multiply(from, K.add(K.multiply(1 - alpha, cosine), alpha));
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("initial_learning_rate", initialLearningRate);
        config.put("decay_steps", Schedules.count(decaySteps));
        config.put("alpha", alpha);
        config.put("name", name);
        config.put("warmup_target", warmupTarget);
        config.put("warmup_steps", Schedules.count(warmupSteps));
        return config;
    }
}
