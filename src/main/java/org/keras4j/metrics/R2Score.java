package org.keras4j.metrics;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Variable;
import org.keras4j.losses.Weights;
import org.keras4j.ops.K;

/** The coefficient of determination, {@code 1 - residual variance / variance}, of {@code yTrue[samples, outputs]}. */
public final class R2Score extends BaseMetric<R2Score> {
    private Aggregation classAggregation = Aggregation.UNIFORM_AVERAGE;
    private int numRegressors = 0;

    @SuppressWarnings("NullAway.Init") // set by build
    private Variable samples;

    @SuppressWarnings("NullAway.Init") // set by build
    private Variable squaredSum;

    @SuppressWarnings("NullAway.Init") // set by build
    private Variable sum;

    @SuppressWarnings("NullAway.Init") // set by build
    private Variable residual;

    @SuppressWarnings("NullAway.Init") // set by build
    private Variable count;

    private enum Aggregation {
        NONE,
        UNIFORM_AVERAGE,
        VARIANCE_WEIGHTED_AVERAGE
    }

    public R2Score() {
        super("r2_score");
    }

    /**
     * Sets how outputs become one value: {@code "uniform_average"}, {@code "variance_weighted_average"}, or null for a
     * value of each.
     */
    public R2Score classAggregation(@Nullable String classAggregation) {
        this.classAggregation = classAggregation == null
                ? Aggregation.NONE
                : Arrays.stream(Aggregation.values())
                        .filter(a -> a != Aggregation.NONE
                                && a.name().toLowerCase(Locale.ROOT).equals(classAggregation))
                        .findFirst()
                        .orElseThrow(() ->
                                new IllegalArgumentException("R2Score: expected class_aggregation uniform_average,"
                                        + " variance_weighted_average or null, got \"" + classAggregation + "\""));
        return this;
    }

    /** Sets the number of regressors that the score is adjusted for; 0 for none. */
    public R2Score numRegressors(int numRegressors) {
        if (numRegressors < 0)
            throw new IllegalArgumentException("R2Score: expected num_regressors of 0 or more, got " + numRegressors);
        this.numRegressors = numRegressors;
        return this;
    }

    @Override
    protected R2Score self() {
        return this;
    }

    @Override
    protected boolean needsShapes() {
        return true;
    }

    @Override
    protected void build(Shape yTrue, Shape yPred) {
        if (yPred.rank() != 2)
            throw new IllegalArgumentException(
                    "R2Score \"" + name() + "\": expected y_pred of shape (samples, outputs), got " + yPred);
        Shape outputs = Shape.of(yPred.dim(1));
        samples = addVariable("num_samples", Shape.SCALAR);
        squaredSum = addVariable("squared_sum", outputs);
        sum = addVariable("sum", outputs);
        residual = addVariable("residual", outputs);
        count = addVariable("count", outputs);
    }

    @Override
    protected void update(Tensor yTrue, Tensor yPred, @Nullable Tensor sampleWeight) {
        Weights.Pair fitted = Weights.sameRank(K.cast(yTrue, dtype()), K.cast(yPred, dtype()));
        Tensor t = fitted.first();
        Tensor p = fitted.second();
        if (!t.shape().equals(p.shape())) throw mismatch("the same shapes", yTrue, yPred);
        Tensor given = sampleWeight == null ? K.ones(t.shape(), dtype()) : K.cast(sampleWeight, dtype());
        Tensor weight = K.broadcastTo(given.rank() == 1 ? K.expandDims(given, 1) : given, t.shape());
        Tensor weighted = K.multiply(t, weight);
        add(sum, K.sum(weighted, 0));
        add(squaredSum, K.sum(K.multiply(t, weighted), 0));
        add(residual, K.sum(K.multiply(K.square(K.subtract(t, p)), weight), 0));
        add(count, K.sum(weight, 0));
        add(samples, K.full(Shape.SCALAR, t.shape().dim(0), dtype()));
    }

    @Override
    public Tensor result() {
        if (sum == null) return K.zeros(Shape.SCALAR, dtype());
        Tensor total = K.subtract(squaredSum.value(), K.divide(K.square(sum.value()), count.value()));
        Tensor raw = K.subtract(1.0, K.divide(residual.value(), total));
        raw = K.where(K.isinf(raw), 0.0, raw);
        Tensor score = switch (classAggregation) {
            case NONE -> raw;
            case UNIFORM_AVERAGE -> K.mean(raw);
            case VARIANCE_WEIGHTED_AVERAGE -> K.divide(K.sum(K.multiply(total, raw)), K.sum(total));
        };
        return numRegressors == 0 ? score : adjusted(score);
    }

    /** With as many regressors as samples there is nothing to adjust by. */
    private Tensor adjusted(Tensor score) {
        Tensor n = samples.value();
        Tensor freedom = K.subtract(n, numRegressors + 1.0);
        Tensor rest = K.multiply(K.subtract(1.0, score), K.subtract(n, 1.0));
        Tensor enough = K.greater(freedom, 0);
        return K.where(enough, K.subtract(1.0, K.divide(rest, K.where(enough, freedom, 1.0))), score);
    }

    @Override
    public Direction direction() {
        return Direction.UP;
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put(
                "class_aggregation",
                classAggregation == Aggregation.NONE
                        ? null
                        : classAggregation.name().toLowerCase(Locale.ROOT));
        config.put("num_regressors", numRegressors);
        return config;
    }
}
