package org.keras4j.metrics;

import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.losses.Labels;
import org.keras4j.losses.Loss;
import org.keras4j.serialization.Catalog;
import org.keras4j.serialization.Choices;
import org.keras4j.serialization.Registry;

/** Keras's metrics by name. */
public final class Metrics implements Catalog {
    private static final Choices<Metric> CHOICES = choices();

    /**
     * Returns the metric that {@code id} means: a {@link Metric} itself, a {@link Loss}, a function from labels and
     * predictions to values, a name such as {@code "mse"}, or a config map. Null stays null.
     */
    @SuppressWarnings("unchecked") // a lambda does not know its types
    public static @Nullable Metric get(@Nullable Object id) {
        if (id instanceof Loss loss) return new MeanMetricWrapper(loss);
        if (id instanceof BinaryOperator<?> f) return new MeanMetricWrapper("function", (BinaryOperator<Tensor>) f);
        return CHOICES.get(id);
    }

    /**
     * Returns the metric that {@code id} means where a model is compiled: {@code "accuracy"} and {@code "acc"},
     * {@code "crossentropy"} and {@code "ce"} mean the binary, sparse or categorical one that the shapes call for, and a
     * name becomes the name of the metric.
     */
    public static @Nullable Metric get(@Nullable Object id, Shape yTrue, Shape yPred) {
        if (!(id instanceof String name)) return get(id);
        return switch (name.toLowerCase(java.util.Locale.ROOT)) {
            case "accuracy", "acc" -> switch (Labels.of(yTrue, yPred)) {
                case BINARY -> new BinaryAccuracy(name);
                case SPARSE -> new SparseCategoricalAccuracy(name);
                case CATEGORICAL -> new CategoricalAccuracy(name);
            };
            case "crossentropy", "ce" -> switch (Labels.of(yTrue, yPred)) {
                case BINARY -> new BinaryCrossentropy(name);
                case SPARSE -> new SparseCategoricalCrossentropy(name);
                case CATEGORICAL -> new CategoricalCrossentropy(name);
            };
            default -> get(name).name(name);
        };
    }

    @Override
    public void register(Registry registry) {
        CHOICES.register(registry);
    }

    private static Choices<Metric> choices() {
        var choices = new Choices<>(Metric.class, "keras.metrics");
        addMeans(choices);
        return choices;
    }

    private static void addMeans(Choices<Metric> choices) {
        choices.add("Mean", c -> new Mean().configure(c))
                .add("Sum", c -> new Sum().configure(c))
                .add("MeanSquaredError", c -> new MeanSquaredError().configure(c), "mse", "MSE")
                .add("RootMeanSquaredError", c -> new RootMeanSquaredError().configure(c))
                .add("MeanAbsoluteError", c -> new MeanAbsoluteError().configure(c), "mae", "MAE")
                .add("MeanAbsolutePercentageError",
                        c -> new MeanAbsolutePercentageError().configure(c), "mape", "MAPE")
                .add("MeanSquaredLogarithmicError",
                        c -> new MeanSquaredLogarithmicError().configure(c), "msle", "MSLE")
                .add("CosineSimilarity", c -> new CosineSimilarity().axis(c.integer("axis", -1)).configure(c))
                .add("LogCoshError", c -> new LogCoshError().configure(c))
                .add("Hinge", c -> new Hinge().configure(c))
                .add("SquaredHinge", c -> new SquaredHinge().configure(c))
                .add("CategoricalHinge", c -> new CategoricalHinge().configure(c))
                .add("KLDivergence", c -> new KLDivergence().configure(c))
                .add("Poisson", c -> new Poisson().configure(c))
                .add("BinaryCrossentropy", c -> new BinaryCrossentropy()
                        .fromLogits(c.bool("from_logits", false))
                        .labelSmoothing(c.real("label_smoothing", 0))
                        .configure(c), "bce", "BCE")
                .add("CategoricalCrossentropy", c -> new CategoricalCrossentropy()
                        .fromLogits(c.bool("from_logits", false))
                        .labelSmoothing(c.real("label_smoothing", 0))
                        .axis(c.integer("axis", -1))
                        .configure(c))
                .add("SparseCategoricalCrossentropy", c -> new SparseCategoricalCrossentropy()
                        .fromLogits(c.bool("from_logits", false))
                        .ignoreClass(c.nullableInteger("ignore_class"))
                        .axis(c.integer("axis", -1))
                        .configure(c))
                .add("Accuracy", c -> new Accuracy().configure(c))
                .add("BinaryAccuracy", c -> new BinaryAccuracy().threshold(c.real("threshold", 0.5)).configure(c))
                .add("CategoricalAccuracy", c -> new CategoricalAccuracy().configure(c))
                .add("SparseCategoricalAccuracy", c -> new SparseCategoricalAccuracy().configure(c))
                .add("TopKCategoricalAccuracy", c -> new TopKCategoricalAccuracy(c.integer("k", 5)).configure(c))
                .add("SparseTopKCategoricalAccuracy", c -> new SparseTopKCategoricalAccuracy(c.integer("k", 5))
                        .fromSortedIds(c.bool("from_sorted_ids", false))
                        .configure(c))
                .add("PearsonCorrelation", c -> new PearsonCorrelation().axis(c.integer("axis", -1)).configure(c))
                .add("ConcordanceCorrelation",
                        c -> new ConcordanceCorrelation().axis(c.integer("axis", -1)).configure(c));
    }
}
