package org.keras4j.optimizers;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.keras4j.serialization.Catalog;
import org.keras4j.serialization.ConfigReader;
import org.keras4j.serialization.NamedClasses;
import org.keras4j.serialization.Registry;

/** Keras's optimizers by name. */
public final class Optimizers implements Catalog {
    private static final NamedClasses<Optimizer> CLASSES = new NamedClasses<>(Optimizer.class, "keras.optimizers")
            .add(
                    "SGD",
                    c -> new SGD()
                            .momentum(c.real("momentum", 0))
                            .nesterov(c.bool("nesterov", false))
                            .configure(c))
            .add(
                    "RMSprop",
                    c -> new RMSprop()
                            .rho(c.real("rho", 0.9))
                            .momentum(c.real("momentum", 0))
                            .epsilon(epsilon(c, 1e-7))
                            .centered(c.bool("centered", false))
                            .configure(c),
                    "rmsprop")
            .add(
                    "Adam",
                    c -> new Adam()
                            .beta1(c.real("beta_1", 0.9))
                            .beta2(c.real("beta_2", 0.999))
                            .epsilon(epsilon(c, 1e-7))
                            .amsgrad(c.bool("amsgrad", false))
                            .configure(c))
            .add(
                    "AdamW",
                    c -> new AdamW()
                            .beta1(c.real("beta_1", 0.9))
                            .beta2(c.real("beta_2", 0.999))
                            .epsilon(epsilon(c, 1e-7))
                            .amsgrad(c.bool("amsgrad", false))
                            .configure(c),
                    "adamw")
            .add(
                    "Adagrad",
                    c -> new Adagrad()
                            .initialAccumulatorValue(c.real("initial_accumulator_value", 0.1))
                            .epsilon(epsilon(c, 1e-7))
                            .configure(c))
            .add(
                    "Adadelta",
                    c -> new Adadelta()
                            .rho(c.real("rho", 0.95))
                            .epsilon(epsilon(c, 1e-7))
                            .configure(c))
            .add(
                    "Adamax",
                    c -> new Adamax()
                            .beta1(c.real("beta_1", 0.9))
                            .beta2(c.real("beta_2", 0.999))
                            .epsilon(epsilon(c, 1e-7))
                            .configure(c))
            .add(
                    "Nadam",
                    c -> new Nadam()
                            .beta1(c.real("beta_1", 0.9))
                            .beta2(c.real("beta_2", 0.999))
                            .epsilon(epsilon(c, 1e-7))
                            .configure(c))
            .add(
                    "Ftrl",
                    c -> new Ftrl()
                            .learningRatePower(c.real("learning_rate_power", -0.5))
                            .initialAccumulatorValue(c.real("initial_accumulator_value", 0.1))
                            .l1RegularizationStrength(c.real("l1_regularization_strength", 0))
                            .l2RegularizationStrength(c.real("l2_regularization_strength", 0))
                            .l2ShrinkageRegularizationStrength(c.real("l2_shrinkage_regularization_strength", 0))
                            .beta(c.real("beta", 0))
                            .configure(c))
            .add(
                    "Lion",
                    c -> new Lion()
                            .beta1(c.real("beta_1", 0.9))
                            .beta2(c.real("beta_2", 0.99))
                            .configure(c))
            .add(
                    "Lamb",
                    c -> new Lamb()
                            .beta1(c.real("beta_1", 0.9))
                            .beta2(c.real("beta_2", 0.999))
                            .epsilon(epsilon(c, 1e-7))
                            .configure(c))
            .add(
                    "ScheduleFreeAdamW",
                    c -> new ScheduleFreeAdamW()
                            .beta1(c.real("beta_1", 0.9))
                            .beta2(c.real("beta_2", 0.999))
                            .epsilon(epsilon(c, 1e-8))
                            .warmupSteps(c.integer("warmup_steps", 0))
                            .configure(c),
                    "schedulefreeadamw")
            .add(
                    "Adafactor",
                    c -> new Adafactor()
                            .beta2Decay(c.real("beta_2_decay", -0.8))
                            .epsilon1(c.real("epsilon_1", 1e-30))
                            .epsilon2(c.real("epsilon_2", 1e-3))
                            .clipThreshold(c.real("clip_threshold", 1))
                            .relativeStep(c.bool("relative_step", true))
                            .configure(c))
            .add("Muon", Optimizers::muon)
            .add("LossScaleOptimizer", Optimizers::lossScale, "lossscaleoptimizer");

    /**
     * Returns the optimizer that {@code id} means: an {@link Optimizer} itself, a name in upper or lower case such as
     * {@code "adam"} or {@code "RMSprop"}, or a config map. Null stays null.
     */
    public static @Nullable Optimizer get(@Nullable Object id) {
        if (id instanceof String name && !CLASSES.knows(name)) {
            String lower = name.toLowerCase(Locale.ROOT);
            if (CLASSES.knows(lower)) return CLASSES.get(lower);
        }
        return CLASSES.get(id);
    }

    @Override
    public void register(Registry registry) {
        CLASSES.register(registry);
    }

    private static Muon muon(ConfigReader config) {
        var muon = new Muon()
                .adamBeta1(config.real("adam_beta_1", 0.9))
                .adamBeta2(config.real("adam_beta_2", 0.999))
                .epsilon(epsilon(config, 1e-7))
                .excludeLayers(config.list("exclude_layers").stream()
                        .map(String::valueOf)
                        .toList())
                .muonA(config.real("muon_a", 3.4445))
                .muonB(config.real("muon_b", -4.775))
                .muonC(config.real("muon_c", 2.0315))
                .adamLrRatio(config.real("adam_lr_ratio", 1))
                .momentum(config.real("momentum", 0.95))
                .nsSteps(config.integer("ns_steps", 5))
                .nesterov(config.bool("nesterov", true))
                .excludeEmbeddings(config.bool("exclude_embeddings", true));
        if (config.has("adam_weight_decay")) muon.adamWeightDecay(config.nullableReal("adam_weight_decay"));
        if (config.has("rms_rate")) muon.rmsRate(config.nullableReal("rms_rate"));
        return muon.configure(config);
    }

    private static LossScaleOptimizer lossScale(ConfigReader config) {
        Object inner = config.get("inner_optimizer");
        if (inner == null) throw config.wrong("inner_optimizer", "an optimizer", "nothing");
        var scaled = new LossScaleOptimizer(config.deserialize("inner_optimizer", inner, Optimizer.class))
                .initialScale(config.real("initial_scale", 1 << 15))
                .dynamicGrowthSteps(config.integer("dynamic_growth_steps", 2000));
        String name = config.nullableString("name");
        return name == null ? scaled : scaled.name(name);
    }

    /** Keras 2 wrote null for the backend's epsilon. */
    private static double epsilon(ConfigReader config, double otherwise) {
        return config.real("epsilon", otherwise);
    }
}
