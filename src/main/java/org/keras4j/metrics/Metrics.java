package org.keras4j.metrics;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.losses.Labels;
import org.keras4j.losses.Loss;
import org.keras4j.losses.Losses;
import org.keras4j.serialization.Catalog;
import org.keras4j.serialization.ConfigReader;
import org.keras4j.serialization.NamedClasses;
import org.keras4j.serialization.Registry;

/** Keras's metrics by name. */
public final class Metrics implements Catalog {
    private static final NamedClasses<Metric> CLASSES = classes();

    /**
     * Returns the metric that {@code id} means: a {@link Metric} itself, a {@link Loss}, a function from labels and
     * predictions to values, a name such as {@code "mse"}, or a config map. Null stays null.
     */
    @SuppressWarnings("unchecked") // a lambda does not know its types
    public static @Nullable Metric get(@Nullable Object id) {
        if (id instanceof Loss loss) return new MeanMetricWrapper(loss);
        if (id instanceof BinaryOperator<?> f) return new MeanMetricWrapper("function", (BinaryOperator<Tensor>) f);
        return CLASSES.get(id);
    }

    /**
     * Returns the metric that {@code id} means where a model is compiled: {@code "accuracy"} and {@code "acc"},
     * {@code "crossentropy"} and {@code "ce"} mean the binary, sparse or categorical one that the shapes call for, and
     * a name becomes the name of the metric.
     */
    public static @Nullable Metric get(@Nullable Object id, Shape yTrue, Shape yPred) {
        if (!(id instanceof String name)) return get(id);
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "accuracy", "acc" ->
                switch (Labels.of(yTrue, yPred)) {
                    case BINARY -> new BinaryAccuracy(name);
                    case SPARSE -> new SparseCategoricalAccuracy(name);
                    case CATEGORICAL -> new CategoricalAccuracy(name);
                };
            case "crossentropy", "ce" ->
                switch (Labels.of(yTrue, yPred)) {
                    case BINARY -> new BinaryCrossentropy(name);
                    case SPARSE -> new SparseCategoricalCrossentropy(name);
                    case CATEGORICAL -> new CategoricalCrossentropy(name);
                };
            default -> Objects.requireNonNull(get(name)).name(name);
        };
    }

    @Override
    public void register(Registry registry) {
        CLASSES.register(registry);
    }

    private static NamedClasses<Metric> classes() {
        var classes = new NamedClasses<>(Metric.class, "keras.metrics");
        classes.add("MeanMetricWrapper", Metrics::wrapped);
        addMeans(classes);
        addCounts(classes);
        addOverlaps(classes);
        return classes;
    }

    /** Makes the metric that a function is the core of, with the options that are in the same config. */
    private static Metric wrapped(ConfigReader config) {
        Object function = config.get("fn");
        if (function instanceof Map<?, ?> map && map.get("config") instanceof String name) function = name;
        if (function instanceof String name && CLASSES.knows(name)) return CLASSES.make(name, config);
        if (function == null) throw config.wrong("fn", "the name of a metric or a loss", null);
        var metric = new MeanMetricWrapper(Objects.requireNonNull(Losses.get(function)));
        return config.has("name") ? metric.name(config.string("name")) : metric;
    }

    private static void addMeans(NamedClasses<Metric> classes) {
        classes.add("Mean", c -> new Mean().configure(c))
                .add("Sum", c -> new Sum().configure(c))
                .add("MeanSquaredError", c -> new MeanSquaredError().configure(c), "mse", "MSE")
                .add("RootMeanSquaredError", c -> new RootMeanSquaredError().configure(c))
                .add("MeanAbsoluteError", c -> new MeanAbsoluteError().configure(c), "mae", "MAE")
                .add("MeanAbsolutePercentageError", c -> new MeanAbsolutePercentageError().configure(c), "mape", "MAPE")
                .add("MeanSquaredLogarithmicError", c -> new MeanSquaredLogarithmicError().configure(c), "msle", "MSLE")
                .add(
                        "CosineSimilarity",
                        c -> new CosineSimilarity().axis(c.integer("axis", -1)).configure(c))
                .add("LogCoshError", c -> new LogCoshError().configure(c))
                .add("Hinge", c -> new Hinge().configure(c))
                .add("SquaredHinge", c -> new SquaredHinge().configure(c))
                .add("CategoricalHinge", c -> new CategoricalHinge().configure(c))
                .add("KLDivergence", c -> new KLDivergence().configure(c))
                .add("Poisson", c -> new Poisson().configure(c))
                .add(
                        "BinaryCrossentropy",
                        c -> new BinaryCrossentropy()
                                .fromLogits(c.bool("from_logits", false))
                                .labelSmoothing(c.real("label_smoothing", 0))
                                .configure(c),
                        "bce",
                        "BCE")
                .add(
                        "CategoricalCrossentropy",
                        c -> new CategoricalCrossentropy()
                                .fromLogits(c.bool("from_logits", false))
                                .labelSmoothing(c.real("label_smoothing", 0))
                                .axis(c.integer("axis", -1))
                                .configure(c))
                .add(
                        "SparseCategoricalCrossentropy",
                        c -> new SparseCategoricalCrossentropy()
                                .fromLogits(c.bool("from_logits", false))
                                .ignoreClass(c.nullableInteger("ignore_class"))
                                .axis(c.integer("axis", -1))
                                .configure(c))
                .add("Accuracy", c -> new Accuracy().configure(c))
                .add(
                        "BinaryAccuracy",
                        c -> new BinaryAccuracy()
                                .threshold(c.real("threshold", 0.5))
                                .configure(c))
                .add("CategoricalAccuracy", c -> new CategoricalAccuracy().configure(c))
                .add("SparseCategoricalAccuracy", c -> new SparseCategoricalAccuracy().configure(c))
                .add("TopKCategoricalAccuracy", c -> new TopKCategoricalAccuracy(c.integer("k", 5)).configure(c))
                .add(
                        "SparseTopKCategoricalAccuracy",
                        c -> new SparseTopKCategoricalAccuracy(c.integer("k", 5))
                                .fromSortedIds(c.bool("from_sorted_ids", false))
                                .configure(c))
                .add(
                        "PearsonCorrelation",
                        c -> new PearsonCorrelation()
                                .axis(c.integer("axis", -1))
                                .configure(c))
                .add(
                        "ConcordanceCorrelation",
                        c -> new ConcordanceCorrelation()
                                .axis(c.integer("axis", -1))
                                .configure(c));
    }

    private static void addCounts(NamedClasses<Metric> classes) {
        classes.add("TruePositives", c -> new TruePositives().thresholds(c).configure(c))
                .add("FalsePositives", c -> new FalsePositives().thresholds(c).configure(c))
                .add("TrueNegatives", c -> new TrueNegatives().thresholds(c).configure(c))
                .add("FalseNegatives", c -> new FalseNegatives().thresholds(c).configure(c))
                .add(
                        "Precision",
                        c -> new Precision()
                                .topK(c.nullableInteger("top_k"))
                                .classId(c.nullableInteger("class_id"))
                                .thresholds(c)
                                .configure(c))
                .add(
                        "Recall",
                        c -> new Recall()
                                .topK(c.nullableInteger("top_k"))
                                .classId(c.nullableInteger("class_id"))
                                .thresholds(c)
                                .configure(c))
                .add(
                        "SensitivityAtSpecificity",
                        c -> constrained(new SensitivityAtSpecificity(c.real("specificity")), c))
                .add(
                        "SpecificityAtSensitivity",
                        c -> constrained(new SpecificityAtSensitivity(c.real("sensitivity")), c))
                .add("PrecisionAtRecall", c -> constrained(new PrecisionAtRecall(c.real("recall")), c))
                .add("RecallAtPrecision", c -> constrained(new RecallAtPrecision(c.real("precision")), c))
                .add("AUC", Metrics::auc, "auc")
                .add(
                        "FBetaScore",
                        c -> new FBetaScore()
                                .beta(c.real("beta", 1))
                                .average(c.nullableString("average"))
                                .threshold(c.nullableReal("threshold"))
                                .configure(c))
                .add(
                        "F1Score",
                        c -> new F1Score()
                                .average(c.nullableString("average"))
                                .threshold(c.nullableReal("threshold"))
                                .configure(c))
                .add("R2Score", Metrics::r2);
    }

    private static <T extends ConstrainedMetric<T>> T constrained(T metric, ConfigReader config) {
        return metric.numThresholds(config.integer("num_thresholds", 200))
                .classId(config.nullableInteger("class_id"))
                .configure(config);
    }

    private static AUC auc(ConfigReader config) {
        var auc = new AUC(config.integer("num_thresholds", 200))
                .curve(config.string("curve", "ROC"))
                .summationMethod(config.string("summation_method", "interpolation"))
                .multiLabel(config.bool("multi_label", false))
                .numLabels(config.nullableInteger("num_labels"))
                .fromLogits(config.bool("from_logits", false));
        if (config.get("thresholds") != null) auc.thresholds(reals(config, "thresholds"));
        if (config.get("label_weights") != null) auc.labelWeights(reals(config, "label_weights"));
        return auc.configure(config);
    }

    /** Reads a list of numbers, or a vector in Keras's form of a tensor. */
    private static double[] reals(ConfigReader config, String key) {
        List<?> list = config.get(key) instanceof Map<?, ?> tensor
                        && tensor.get("config") instanceof Map<?, ?> inner
                        && inner.get("value") instanceof List<?> values
                ? values
                : config.list(key);
        var out = new double[list.size()];
        for (int i = 0; i < out.length; i++) {
            if (!(list.get(i) instanceof Number n)) throw config.wrong(key, "a list of numbers", list);
            out[i] = n.doubleValue();
        }
        return out;
    }

    private static R2Score r2(ConfigReader config) {
        var r2 = new R2Score().numRegressors(config.integer("num_regressors", 0));
        if (config.has("class_aggregation")) r2.classAggregation(config.nullableString("class_aggregation"));
        return r2.configure(config);
    }

    private static void addOverlaps(NamedClasses<Metric> classes) {
        classes.add(
                        "IoU",
                        c -> new IoU(c.integer("num_classes"), c.ints("target_class_ids"))
                                .ignoreClass(c.nullableInteger("ignore_class"))
                                .sparseYTrue(c.bool("sparse_y_true", true))
                                .sparseYPred(c.bool("sparse_y_pred", true))
                                .axis(c.integer("axis", -1))
                                .configure(c))
                .add(
                        "MeanIoU",
                        c -> new MeanIoU(c.integer("num_classes"))
                                .ignoreClass(c.nullableInteger("ignore_class"))
                                .sparseYTrue(c.bool("sparse_y_true", true))
                                .sparseYPred(c.bool("sparse_y_pred", true))
                                .axis(c.integer("axis", -1))
                                .configure(c))
                .add(
                        "OneHotIoU",
                        c -> new OneHotIoU(c.integer("num_classes"), c.ints("target_class_ids"))
                                .ignoreClass(c.nullableInteger("ignore_class"))
                                .sparseYPred(c.bool("sparse_y_pred", false))
                                .axis(c.integer("axis", -1))
                                .configure(c))
                .add(
                        "OneHotMeanIoU",
                        c -> new OneHotMeanIoU(c.integer("num_classes"))
                                .ignoreClass(c.nullableInteger("ignore_class"))
                                .sparseYPred(c.bool("sparse_y_pred", false))
                                .axis(c.integer("axis", -1))
                                .configure(c))
                .add(
                        "BinaryIoU",
                        c -> new BinaryIoU(c.has("target_class_ids") ? c.ints("target_class_ids") : new int[] {0, 1})
                                .threshold(c.real("threshold", 0.5))
                                .configure(c));
    }
}
