package org.keras4j.optimizers;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.keras4j.serialization.Catalog;
import org.keras4j.serialization.Choices;
import org.keras4j.serialization.ConfigReader;
import org.keras4j.serialization.Registry;

/** Keras's optimizers by name. */
public final class Optimizers implements Catalog {
    private static final Choices<Optimizer> CHOICES = new Choices<>(Optimizer.class, "keras.optimizers")
            .add("SGD", c -> new SGD()
                    .momentum(c.real("momentum", 0))
                    .nesterov(c.bool("nesterov", false))
                    .configure(c))
            .add("RMSprop", c -> new RMSprop()
                    .rho(c.real("rho", 0.9))
                    .momentum(c.real("momentum", 0))
                    .epsilon(epsilon(c, 1e-7))
                    .centered(c.bool("centered", false))
                    .configure(c), "rmsprop")
            .add("Adam", c -> new Adam()
                    .beta1(c.real("beta_1", 0.9))
                    .beta2(c.real("beta_2", 0.999))
                    .epsilon(epsilon(c, 1e-7))
                    .amsgrad(c.bool("amsgrad", false))
                    .configure(c))
            .add("AdamW", c -> new AdamW()
                    .beta1(c.real("beta_1", 0.9))
                    .beta2(c.real("beta_2", 0.999))
                    .epsilon(epsilon(c, 1e-7))
                    .amsgrad(c.bool("amsgrad", false))
                    .configure(c), "adamw")
            .add("Adagrad", c -> new Adagrad()
                    .initialAccumulatorValue(c.real("initial_accumulator_value", 0.1))
                    .epsilon(epsilon(c, 1e-7))
                    .configure(c))
            .add("Adadelta", c -> new Adadelta()
                    .rho(c.real("rho", 0.95))
                    .epsilon(epsilon(c, 1e-7))
                    .configure(c))
            .add("Adamax", c -> new Adamax()
                    .beta1(c.real("beta_1", 0.9))
                    .beta2(c.real("beta_2", 0.999))
                    .epsilon(epsilon(c, 1e-7))
                    .configure(c))
            .add("Nadam", c -> new Nadam()
                    .beta1(c.real("beta_1", 0.9))
                    .beta2(c.real("beta_2", 0.999))
                    .epsilon(epsilon(c, 1e-7))
                    .configure(c))
            .add("Ftrl", c -> new Ftrl()
                    .learningRatePower(c.real("learning_rate_power", -0.5))
                    .initialAccumulatorValue(c.real("initial_accumulator_value", 0.1))
                    .l1RegularizationStrength(c.real("l1_regularization_strength", 0))
                    .l2RegularizationStrength(c.real("l2_regularization_strength", 0))
                    .l2ShrinkageRegularizationStrength(c.real("l2_shrinkage_regularization_strength", 0))
                    .beta(c.real("beta", 0))
                    .configure(c))
            .add("Lion", c -> new Lion()
                    .beta1(c.real("beta_1", 0.9))
                    .beta2(c.real("beta_2", 0.99))
                    .configure(c))
            .add("Lamb", c -> new Lamb()
                    .beta1(c.real("beta_1", 0.9))
                    .beta2(c.real("beta_2", 0.999))
                    .epsilon(epsilon(c, 1e-7))
                    .configure(c))
            .add("ScheduleFreeAdamW", c -> new ScheduleFreeAdamW()
                    .beta1(c.real("beta_1", 0.9))
                    .beta2(c.real("beta_2", 0.999))
                    .epsilon(epsilon(c, 1e-8))
                    .warmupSteps(c.integer("warmup_steps", 0))
                    .configure(c), "schedulefreeadamw");

    /**
     * Returns the optimizer that {@code id} means: an {@link Optimizer} itself, a name in upper or lower case such as
     * {@code "adam"} or {@code "RMSprop"}, or a config map. Null stays null.
     */
    public static @Nullable Optimizer get(@Nullable Object id) {
        if (id instanceof String name && !CHOICES.knows(name)) {
            String lower = name.toLowerCase(Locale.ROOT);
            if (CHOICES.knows(lower)) return CHOICES.get(lower);
        }
        return CHOICES.get(id);
    }

    @Override
    public void register(Registry registry) {
        CHOICES.register(registry);
    }

    /** Keras 2 wrote null for the backend's epsilon. */
    private static double epsilon(ConfigReader config, double otherwise) {
        return config.real("epsilon", otherwise);
    }
}
