package org.keras4j.optimizers.schedules;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.keras4j.serialization.Catalog;
import org.keras4j.serialization.ConfigReader;
import org.keras4j.serialization.NamedClasses;
import org.keras4j.serialization.Registry;

/** Keras's learning rate schedules by config. */
public final class Schedules implements Catalog {
    private static final NamedClasses<LearningRateSchedule> CLASSES = new NamedClasses<>(
                    LearningRateSchedule.class, "keras.optimizers.schedules")
            .add(
                    "ExponentialDecay",
                    c -> new ExponentialDecay(
                                    c.real("initial_learning_rate"), c.real("decay_steps"), c.real("decay_rate"))
                            .staircase(c.bool("staircase", false))
                            .name(c.string("name", "ExponentialDecay")))
            .add(
                    "InverseTimeDecay",
                    c -> new InverseTimeDecay(
                                    c.real("initial_learning_rate"), c.real("decay_steps"), c.real("decay_rate"))
                            .staircase(c.bool("staircase", false))
                            .name(c.string("name", "InverseTimeDecay")))
            .add(
                    "PiecewiseConstantDecay",
                    c -> new PiecewiseConstantDecay(numbers(c, "boundaries"), numbers(c, "values"))
                            .name(c.string("name", "PiecewiseConstant")))
            .add(
                    "PolynomialDecay",
                    c -> new PolynomialDecay(c.real("initial_learning_rate"), c.real("decay_steps"))
                            .endLearningRate(c.real("end_learning_rate", 0.0001))
                            .power(c.real("power", 1))
                            .cycle(c.bool("cycle", false))
                            .name(c.string("name", "PolynomialDecay")))
            .add(
                    "CosineDecay",
                    c -> new CosineDecay(c.real("initial_learning_rate"), c.real("decay_steps"))
                            .alpha(c.real("alpha", 0))
                            .name(c.string("name", "CosineDecay"))
                            .warmupTarget(c.nullableReal("warmup_target"))
                            .warmupSteps(c.real("warmup_steps", 0)))
            .add(
                    "CosineDecayRestarts",
                    c -> new CosineDecayRestarts(c.real("initial_learning_rate"), c.real("first_decay_steps"))
                            .tMul(c.real("t_mul", 2))
                            .mMul(c.real("m_mul", 1))
                            .alpha(c.real("alpha", 0))
                            .name(c.string("name", "SGDRDecay")));

    /** Returns the schedule that {@code id} means: a {@link LearningRateSchedule} or a config map. Null stays null. */
    public static @Nullable LearningRateSchedule get(@Nullable Object id) {
        return CLASSES.get(id);
    }

    @Override
    public void register(Registry registry) {
        CLASSES.register(registry);
    }

    private static List<Number> numbers(ConfigReader config, String key) {
        List<Number> numbers = new ArrayList<>();
        for (Object o : config.list(key)) {
            if (!(o instanceof Number n)) throw config.wrong(key, "a list of numbers", o);
            numbers.add(n);
        }
        return numbers;
    }

    /** Returns {@code steps} if it is positive. */
    static double positive(String className, String name, double steps) {
        if (steps > 0) return steps;
        throw new IllegalArgumentException(className + ": expected " + name + " to be positive, got " + steps);
    }

    /** Returns the number as Keras writes a count: without a fraction where it has none. */
    static Number count(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1L << 53) return (long) value;
        return value;
    }
}
