package org.keras4j.losses;

import java.util.Map;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.serialization.Catalog;
import org.keras4j.serialization.ConfigReader;
import org.keras4j.serialization.NamedClasses;
import org.keras4j.serialization.Registry;

/** Keras's losses by name. */
public final class Losses implements Catalog {
    private static final NamedClasses<Loss> CLASSES = classes();

    /**
     * Returns the loss that {@code id} means: a {@link Loss} itself, a function from labels and predictions to values,
     * a name such as {@code "mse"}, or a config map. Null stays null.
     */
    @SuppressWarnings("unchecked") // a lambda does not know its types
    public static @Nullable Loss get(@Nullable Object id) {
        if (id instanceof BinaryOperator<?> function)
            return new FunctionLoss("function", (BinaryOperator<Tensor>) function);
        return CLASSES.get(id);
    }

    /**
     * Returns the loss that {@code id} means, where {@code "crossentropy"} and {@code "ce"} mean the binary, sparse or
     * categorical one that the shapes call for.
     */
    public static @Nullable Loss get(@Nullable Object id, Shape yTrue, Shape yPred) {
        if (!(id instanceof String name) || !(name.equalsIgnoreCase("crossentropy") || name.equalsIgnoreCase("ce")))
            return get(id);
        return switch (Labels.of(yTrue, yPred)) {
            case BINARY -> new BinaryCrossentropy().name(name);
            case SPARSE -> new SparseCategoricalCrossentropy().name(name);
            case CATEGORICAL -> new CategoricalCrossentropy().name(name);
        };
    }

    @Override
    public void register(Registry registry) {
        CLASSES.register(registry);
    }

    private static NamedClasses<Loss> classes() {
        return new NamedClasses<>(Loss.class, "keras.losses")
                .add("MeanSquaredError", c -> new MeanSquaredError().configure(c), "mse", "MSE")
                .add("MeanAbsoluteError", c -> new MeanAbsoluteError().configure(c), "mae", "MAE")
                .add("MeanAbsolutePercentageError", c -> new MeanAbsolutePercentageError().configure(c), "mape", "MAPE")
                .add("MeanSquaredLogarithmicError", c -> new MeanSquaredLogarithmicError().configure(c), "msle", "MSLE")
                .add("CosineSimilarity", c -> new CosineSimilarity(c.integer("axis", -1)).configure(c))
                .add("LogCosh", c -> new LogCosh().configure(c), "logcosh")
                .add("Huber", c -> new Huber(c.real("delta", 1)).configure(c))
                .add("Hinge", c -> new Hinge().configure(c))
                .add("SquaredHinge", c -> new SquaredHinge().configure(c))
                .add("CategoricalHinge", c -> new CategoricalHinge().configure(c))
                .add("KLDivergence", c -> new KLDivergence().configure(c), "kld", "KLD", "kullback_leibler_divergence")
                .add("Poisson", c -> new Poisson().configure(c))
                .add(
                        "BinaryCrossentropy",
                        c -> new BinaryCrossentropy(c.bool("from_logits", false))
                                .labelSmoothing(c.real("label_smoothing", 0))
                                .axis(c.integer("axis", -1))
                                .configure(c),
                        "bce",
                        "BCE")
                .add(
                        "BinaryFocalCrossentropy",
                        c -> new BinaryFocalCrossentropy(c.bool("apply_class_balancing", false))
                                .alpha(c.real("alpha", 0.25))
                                .gamma(c.real("gamma", 2))
                                .fromLogits(c.bool("from_logits", false))
                                .labelSmoothing(c.real("label_smoothing", 0))
                                .axis(c.integer("axis", -1))
                                .configure(c))
                .add(
                        "CategoricalCrossentropy",
                        c -> new CategoricalCrossentropy(c.bool("from_logits", false))
                                .labelSmoothing(c.real("label_smoothing", 0))
                                .axis(c.integer("axis", -1))
                                .configure(c))
                .add(
                        "CategoricalFocalCrossentropy",
                        c -> new CategoricalFocalCrossentropy(c.real("alpha", 0.25))
                                .gamma(c.real("gamma", 2))
                                .fromLogits(c.bool("from_logits", false))
                                .labelSmoothing(c.real("label_smoothing", 0))
                                .axis(c.integer("axis", -1))
                                .configure(c))
                .add("SparseCategoricalCrossentropy", Losses::sparseCategoricalCrossentropy)
                .add(
                        "CategoricalGeneralizedCrossEntropy",
                        c -> new CategoricalGeneralizedCrossEntropy(c.real("q", 0.5)).configure(c))
                .add("CTC", c -> new CTC().configure(c))
                .add("LossFunctionWrapper", Losses::wrapped)
                .add("Dice", c -> new Dice().axis(c.nullableInts("axis")).configure(c))
                .add(
                        "Tversky",
                        c -> new Tversky(c.real("alpha", 0.5), c.real("beta", 0.5))
                                .axis(c.nullableInts("axis"))
                                .configure(c))
                .add(
                        "Circle",
                        c -> new Circle(c.real("gamma", 80), c.real("margin", 0.4))
                                .removeDiagonal(c.bool("remove_diagonal", true))
                                .configure(c));
    }

    /** Makes the loss that a function is the core of, with the options that are in the same config. */
    private static Loss wrapped(ConfigReader config) {
        Object function = config.get("fn");
        if (function instanceof Map<?, ?> map && map.get("config") instanceof String name) function = name;
        if (function instanceof String name) return CLASSES.make(name, config);
        throw config.wrong("fn", "the name of a loss", function);
    }

    private static Loss sparseCategoricalCrossentropy(ConfigReader config) {
        return new SparseCategoricalCrossentropy(config.bool("from_logits", false))
                .ignoreClass(config.nullableInteger("ignore_class"))
                .axis(config.integer("axis", -1))
                .configure(config);
    }
}
