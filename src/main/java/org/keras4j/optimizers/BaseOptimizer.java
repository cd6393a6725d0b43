package org.keras4j.optimizers;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.graph.Variable;
import org.keras4j.optimizers.schedules.InverseTimeDecay;
import org.keras4j.optimizers.schedules.LearningRateSchedule;
import org.keras4j.serialization.ConfigReader;

/**
 * The options that all optimizers have.
 *
 * @param <S> the optimizer itself
 */
public abstract class BaseOptimizer<S extends BaseOptimizer<S>> extends Optimizer {
    protected BaseOptimizer(double learningRate) {
        super(learningRate);
    }

    /** Returns this. */
    protected abstract S self();

    public final S name(String name) {
        requireFresh();
        this.name = name;
        return self();
    }

    @Override
    public S learningRate(double value) {
        super.learningRate(value);
        return self();
    }

    @Override
    public S learningRate(LearningRateSchedule schedule) {
        super.learningRate(schedule);
        return self();
    }

    @Override
    public S excludeFromWeightDecay(List<Variable> variables, String... names) {
        super.excludeFromWeightDecay(variables, names);
        return self();
    }

    /** Sets the part of a variable, times the learning rate, that is taken away at each step; null for none. */
    public S weightDecay(@Nullable Double weightDecay) {
        this.weightDecay = weightDecay;
        return self();
    }

    /** Sets the length that each variable's gradient is shortened to; null for any length. */
    public S clipnorm(@Nullable Double clipnorm) {
        this.clipnorm = clipnorm;
        return self();
    }

    /** Sets the bound of each element of the gradients; null for none. */
    public S clipvalue(@Nullable Double clipvalue) {
        this.clipvalue = clipvalue;
        return self();
    }

    /** Sets the length that all gradients together are shortened to; null for any length. */
    public S globalClipnorm(@Nullable Double globalClipnorm) {
        this.globalClipnorm = globalClipnorm;
        return self();
    }

    /** Says whether to keep moving averages of the variables, which {@link #finalizeVariableValues} puts in place. */
    public S useEma(boolean useEma) {
        requireFresh();
        this.useEma = useEma;
        return self();
    }

    /** Sets the part of the moving average that stays at each step, from 0 to 1. */
    public S emaMomentum(double emaMomentum) {
        if (!(emaMomentum >= 0 && emaMomentum <= 1))
            throw new IllegalArgumentException(className() + ": expected ema_momentum from 0 to 1, got " + emaMomentum);
        this.emaMomentum = emaMomentum;
        return self();
    }

    /** Sets after how many steps the variables take over their averages; null for only at the end. */
    public S emaOverwriteFrequency(@Nullable Integer steps) {
        if (steps != null && steps < 1)
            throw new IllegalArgumentException(
                    className() + ": expected ema_overwrite_frequency of 1 or more, got " + steps);
        this.emaOverwriteFrequency = steps;
        return self();
    }

    /** Sets the factor of the loss that keeps small gradients from vanishing in half precision; null for none. */
    public S lossScaleFactor(@Nullable Double lossScaleFactor) {
        this.lossScaleFactor = lossScaleFactor;
        return self();
    }

    /** Sets over how many steps gradients are averaged before variables change, 2 or more; null for each step. */
    public S gradientAccumulationSteps(@Nullable Integer steps) {
        requireFresh();
        if (steps != null && steps < 2)
            throw new IllegalArgumentException(
                    className() + ": expected gradient_accumulation_steps of 2 or more, got " + steps);
        this.gradientAccumulationSteps = steps;
        return self();
    }

    /** Takes over the common options of a config; {@code lr} is what Keras 1 and 2 called the learning rate. */
    final S configure(ConfigReader config) {
        String given = config.nullableString("name");
        if (given != null) name(given);
        String key = config.has("learning_rate") || !config.has("lr") ? "learning_rate" : "lr";
        if (config.get(key) instanceof Map<?, ?> map)
            learningRate(config.deserialize(key, map, LearningRateSchedule.class));
        else if (config.get(key) != null) learningRate(config.real(key));
        double decay = config.real("decay", 0);
        // Keras 1 and 2: the rate falls with the number of steps.
        if (decay > 0 && config.get(key) instanceof Number rate)
            learningRate(new InverseTimeDecay(rate.doubleValue(), 1, decay));
        if (config.has("weight_decay")) weightDecay(decay(config));
        clipnorm(config.nullableReal("clipnorm"));
        clipvalue(config.nullableReal("clipvalue"));
        globalClipnorm(config.nullableReal("global_clipnorm"));
        useEma(config.bool("use_ema", false));
        emaMomentum(config.real("ema_momentum", 0.99));
        emaOverwriteFrequency(config.nullableInteger("ema_overwrite_frequency"));
        lossScaleFactor(config.nullableReal("loss_scale_factor"));
        return gradientAccumulationSteps(config.nullableInteger("gradient_accumulation_steps"));
    }

    /** Keras 2 wrote false where there is no weight decay. */
    private static @Nullable Double decay(ConfigReader config) {
        return config.get("weight_decay") instanceof Boolean ? null : config.nullableReal("weight_decay");
    }
}
