package org.keras4j.metrics;

import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Variable;
import org.keras4j.losses.Weights;
import org.keras4j.ops.K;

/**
 * Counts how often predictions above and below each threshold are right.
 *
 * @param labels {@code [elements]}, or {@code [samples, labels]} if each label is counted apart: 1 or 0
 * @param predictions of the same shape
 * @param weights of the same shape, or null
 */
record Confusion(
        Thresholds thresholds,
        Tensor labels,
        Tensor predictions,
        @Nullable Tensor weights) {
    /** Where the counts go, {@code [thresholds]} or {@code [thresholds, labels]}; null for what is not wanted. */
    record Counts(
            @Nullable Variable truePositives,
            @Nullable Variable falsePositives,
            @Nullable Variable trueNegatives,
            @Nullable Variable falseNegatives) {}

    /** What is to be counted. */
    record Options(
            @Nullable Integer topK, @Nullable Integer classId, boolean multiLabel, double @Nullable [] labelWeights) {
        static final Options ALL = new Options(null, null, false, null);
    }

    /** Takes {@code yTrue[...], yPred[...]} and weights for samples or elements. */
    static Confusion of(
            Metric metric,
            Thresholds thresholds,
            Tensor yTrue,
            Tensor yPred,
            @Nullable Tensor sampleWeight,
            Options options) {
        DType dtype = K.floatx();
        Weights.Pair fitted = Weights.sameRank(K.cast(yPred, dtype), K.cast(yTrue, dtype));
        Tensor p = fitted.first();
        Tensor t = fitted.second();
        if (!t.shape().equals(p.shape())) throw metric.mismatch("the same shapes", yTrue, yPred);
        Tensor w = null;
        if (sampleWeight != null)
            w = Weights.sameRank(t, K.expandDims(K.cast(sampleWeight, dtype), -1), false)
                    .second();
        if (options.topK != null) p = keepTop(p, options.topK);
        if (options.classId != null) {
            if (p.rank() == 1) throw metric.mismatch("an axis of classes, as class_id is given", yTrue, yPred);
            t = K.slice(t, -1, options.classId, options.classId + 1, 1);
            p = K.slice(p, -1, options.classId, options.classId + 1, 1);
        }
        if (w != null) w = K.broadcastTo(w, p.shape());
        if (options.labelWeights != null) {
            Tensor labelWeights = K.broadcastTo(K.cast(K.constant(options.labelWeights), dtype), p.shape());
            w = w == null ? labelWeights : K.multiply(w, labelWeights);
        }
        Shape shape = options.multiLabel ? p.shape() : Shape.of(p.shape().size());
        Tensor yes = K.reshape(K.cast(K.notEqual(t, 0), dtype), shape);
        return new Confusion(thresholds, yes, K.reshape(p, shape), w == null ? null : K.reshape(w, shape));
    }

    /** Puts all but the k greatest of each row below every threshold. */
    private static Tensor keepTop(Tensor p, int k) {
        int classes = p.shape().last();
        Tensor top = K.topK(p, Math.min(k, classes)).get(1);
        Tensor kept = K.sum(K.oneHot(top, classes, -1, p.dtype()), -2);
        return K.where(K.greater(kept, 0), p, Thresholds.NONE);
    }

    /** Adds the counts of this batch. */
    void addTo(Counts counts) {
        if (thresholds.even()) addBuckets(counts);
        else addComparisons(counts);
    }

    private void addComparisons(Counts counts) {
        Tensor above =
                K.greater(K.expandDims(predictions, 0), thresholds.column(predictions.rank() + 1, predictions.dtype()));
        Tensor yes = K.expandDims(weighted(labels), 0);
        Tensor no = K.expandDims(weighted(K.subtract(1.0, labels)), 0);
        if (counts.truePositives != null) Metric.add(counts.truePositives, K.sum(K.where(above, yes, 0.0), 1));
        if (counts.falsePositives != null) Metric.add(counts.falsePositives, K.sum(K.where(above, no, 0.0), 1));
        if (counts.trueNegatives != null) Metric.add(counts.trueNegatives, K.sum(K.where(above, 0.0, no), 1));
        if (counts.falseNegatives != null) Metric.add(counts.falseNegatives, K.sum(K.where(above, 0.0, yes), 1));
    }

    /** Even thresholds tell the place of a prediction among them, so that one pass counts for all of them. */
    private void addBuckets(Counts counts) {
        int n = thresholds.size();
        Tensor place = K.subtract(K.ceil(K.multiply(K.clip(predictions, 0, 1), (double) (n - 1))), 1.0);
        if (thresholds.hasMargin()) place = K.relu(place);
        Tensor bucket = K.cast(place, DType.INT32);
        Tensor yes = weighted(labels);
        Tensor no = weighted(K.subtract(1.0, labels));
        Tensor tp = fromAbove(yes, bucket);
        Tensor fp = fromAbove(no, bucket);
        if (counts.truePositives != null) Metric.add(counts.truePositives, tp);
        if (counts.falsePositives != null) Metric.add(counts.falsePositives, fp);
        if (counts.trueNegatives != null) Metric.add(counts.trueNegatives, K.subtract(K.sum(no, 0, false), fp));
        if (counts.falseNegatives != null) Metric.add(counts.falseNegatives, K.subtract(K.sum(yes, 0, false), tp));
    }

    /** Returns for each threshold the sum of what lies in its bucket and those above. */
    private Tensor fromAbove(Tensor x, Tensor bucket) {
        int n = thresholds.size();
        if (x.rank() == 1) return K.flip(K.cumsum(K.flip(K.segmentSum(x, bucket, n), 0), 0), 0);
        int columns = x.shape().last();
        Tensor column = K.expandDims(K.multiply(K.arange(columns), n), 0);
        Tensor cell = K.where(K.less(bucket, 0), K.fullLike(bucket, -1), K.add(bucket, column));
        Tensor sums = K.segmentSum(K.ravel(x), K.ravel(cell), n * columns);
        Tensor table = K.transpose(K.reshape(sums, columns, n));
        return K.flip(K.cumsum(K.flip(table, 0), 0), 0);
    }

    private Tensor weighted(Tensor x) {
        return weights == null ? x : K.multiply(x, weights);
    }
}
