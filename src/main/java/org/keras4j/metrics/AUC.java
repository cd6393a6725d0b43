package org.keras4j.metrics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Variable;
import org.keras4j.ops.K;

/** The area under the curve of two rates over all thresholds; for labels of 0 and 1. */
public final class AUC extends BaseMetric<AUC> {
    private int numThresholds = 200;
    private AreaUnderCurve.Curve curve = AreaUnderCurve.Curve.ROC;
    private AreaUnderCurve.Summation summationMethod = AreaUnderCurve.Summation.INTERPOLATION;
    private @Nullable List<Double> given;
    private boolean multiLabel = false;
    private @Nullable Integer numLabels;
    private double @Nullable [] labelWeights;
    private boolean fromLogits = false;

    @SuppressWarnings("NullAway.Init") // set by build
    private Thresholds thresholds;

    @SuppressWarnings("NullAway.Init") // set by build
    private Confusion.Counts counts;

    public AUC() {
        super(null);
    }

    public AUC(int numThresholds) {
        this();
        numThresholds(numThresholds);
    }

    public AUC(int numThresholds, String curve, String summationMethod) {
        this(numThresholds);
        curve(curve).summationMethod(summationMethod);
    }

    /** Sets how many thresholds, evenly from 0 to 1, there are; 2 or more. */
    public AUC numThresholds(int numThresholds) {
        if (numThresholds < 2)
            throw new IllegalArgumentException("AUC: expected num_thresholds of 2 or more, got " + numThresholds);
        this.numThresholds = numThresholds;
        return this;
    }

    /** Sets the curve: {@code "ROC"}, {@code "PR"} or {@code "PRGAIN"}. */
    public AUC curve(String curve) {
        this.curve = choice(AreaUnderCurve.Curve.values(), "curve", curve);
        return this;
    }

    /** Sets how areas are computed: {@code "interpolation"}, {@code "majoring"} or {@code "minoring"}. */
    public AUC summationMethod(String summationMethod) {
        this.summationMethod = choice(AreaUnderCurve.Summation.values(), "summation_method", summationMethod);
        return this;
    }

    private static <E extends Enum<E>> E choice(E[] choices, String key, String name) {
        for (E e : choices) if (e.name().equals(name.toUpperCase(Locale.ROOT))) return e;
        throw new IllegalArgumentException(
                "AUC: expected " + key + " to be one of " + Arrays.toString(choices) + ", got \"" + name + "\"");
    }

    /** Sets the thresholds between 0 and 1, which are added. */
    public AUC thresholds(double... thresholds) {
        double[] sorted = thresholds.clone();
        Arrays.sort(sorted);
        given = Arrays.stream(sorted).boxed().toList();
        numThresholds = sorted.length + 2;
        return this;
    }

    /** Says whether each label of {@code yTrue[samples, labels]} has a curve of its own. */
    public AUC multiLabel(boolean multiLabel) {
        this.multiLabel = multiLabel;
        return this;
    }

    /** Sets the number of labels, which the first batch tells otherwise; only for {@code multiLabel}. */
    public AUC numLabels(@Nullable Integer numLabels) {
        this.numLabels = numLabels;
        return this;
    }

    /** Sets the weights of the labels; null for equal ones. */
    public AUC labelWeights(double @Nullable ... labelWeights) {
        this.labelWeights = labelWeights == null ? null : labelWeights.clone();
        return this;
    }

    /** Says whether predictions are logits instead of probabilities. */
    public AUC fromLogits(boolean fromLogits) {
        this.fromLogits = fromLogits;
        return this;
    }

    @Override
    protected AUC self() {
        return this;
    }

    @Override
    protected boolean needsShapes() {
        return multiLabel && numLabels == null;
    }

    @Override
    protected void build(Shape yTrue, Shape yPred) {
        if (!multiLabel && numLabels != null)
            throw new IllegalArgumentException("AUC: expected num_labels only with multi_label, got " + numLabels);
        if (needsShapes() && yPred.rank() != 2)
            throw new IllegalArgumentException("AUC \"" + name()
                    + "\": expected y_pred of shape (samples, labels) as multi_label is true, got " + yPred);
        thresholds = allThresholds();
        int n = thresholds.size();
        Shape shape = Shape.of(n);
        if (multiLabel) shape = Shape.of(n, numLabels != null ? numLabels : yPred.dim(1));
        Variable tp = addVariable("true_positives", shape);
        Variable fp = addVariable("false_positives", shape);
        Variable tn = addVariable("true_negatives", shape);
        Variable fn = addVariable("false_negatives", shape);
        counts = new Confusion.Counts(tp, fp, tn, fn);
    }

    /** The first and the last are a little outside, so that 0 and 1 themselves lie between. */
    private Thresholds allThresholds() {
        List<Double> inner = new ArrayList<>();
        if (given != null) inner.addAll(given);
        else for (int i = 1; i < numThresholds - 1; i++) inner.add(i / (numThresholds - 1.0));
        List<Double> exact = new ArrayList<>(inner);
        exact.addFirst(0.0);
        exact.addLast(1.0);
        inner.addFirst(-K.epsilon());
        inner.addLast(1 + K.epsilon());
        return new Thresholds(List.copyOf(inner), given == null || Thresholds.isEven(exact));
    }

    @Override
    protected void update(Tensor yTrue, Tensor yPred, @Nullable Tensor sampleWeight) {
        var options = new Confusion.Options(null, null, multiLabel, multiLabel ? null : labelWeights);
        Tensor p = fromLogits ? K.sigmoid(yPred) : yPred;
        Confusion.of(this, thresholds, yTrue, p, sampleWeight, options).addTo(counts);
    }

    @Override
    public Tensor result() {
        variables();
        if (counts == null) return K.zeros(Shape.SCALAR, dtype());
        Tensor areas = new AreaUnderCurve(
                        Objects.requireNonNull(counts.truePositives()).value(),
                        Objects.requireNonNull(counts.falsePositives()).value(),
                        Objects.requireNonNull(counts.trueNegatives()).value(),
                        Objects.requireNonNull(counts.falseNegatives()).value())
                .areas(curve, summationMethod);
        if (!multiLabel) return areas;
        if (labelWeights == null) return K.mean(areas);
        double total = Arrays.stream(labelWeights).sum();
        if (total == 0) return K.zeros(Shape.SCALAR, dtype());
        return K.divide(K.sum(K.multiply(areas, K.cast(K.constant(labelWeights), areas.dtype()))), total);
    }

    @Override
    public Direction direction() {
        return Direction.UP;
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("num_thresholds", numThresholds);
        config.put("curve", curve.name());
        config.put("summation_method", summationMethod.name().toLowerCase(Locale.ROOT));
        config.put("multi_label", multiLabel);
        config.put("num_labels", numLabels);
        config.put("label_weights", labelWeights == null ? null : tensor(labelWeights));
        config.put("from_logits", fromLogits);
        if (given != null) config.put("thresholds", given);
        return config;
    }

    /** Keras writes the weights in its form of a tensor. */
    private Map<String, Object> tensor(double[] values) {
        Map<String, Object> inner = new LinkedHashMap<>();
        inner.put("value", Arrays.stream(values).map(dtype()::round).boxed().toList());
        inner.put("dtype", dtype().keras());
        Map<String, Object> outer = new LinkedHashMap<>();
        outer.put("class_name", "__tensor__");
        outer.put("config", inner);
        return outer;
    }
}
