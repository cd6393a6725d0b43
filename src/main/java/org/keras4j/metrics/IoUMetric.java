package org.keras4j.metrics;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Variable;
import org.keras4j.ops.K;

/**
 * The mean over classes of how much labels and predictions overlap: intersection over union, from a confusion matrix
 * of {@code [label, prediction]}.
 *
 * @param <S> the metric itself
 */
abstract class IoUMetric<S extends IoUMetric<S>> extends BaseMetric<S> {
    final int numClasses;
    private final List<Integer> targetClassIds;
    private @Nullable Integer ignoreClass;
    private boolean sparseYTrue = true;
    private boolean sparseYPred = true;
    private int axis = -1;

    @SuppressWarnings("NullAway.Init") // set by build
    private Variable matrix;

    IoUMetric(int numClasses, int... targetClassIds) {
        super(null);
        if (numClasses < 1)
            throw new IllegalArgumentException(className() + ": expected num_classes of 1 or more, got " + numClasses);
        for (int id : targetClassIds)
            if (id < 0 || id >= numClasses)
                throw new IllegalArgumentException(
                        className() + ": expected target_class_ids from 0 to " + (numClasses - 1) + ", got " + id);
        this.numClasses = numClasses;
        this.targetClassIds = IntStream.of(targetClassIds).boxed().toList();
    }

    static int[] all(int numClasses) {
        return IntStream.range(0, numClasses).toArray();
    }

    final void ignore(@Nullable Integer ignoreClass) {
        this.ignoreClass = ignoreClass;
    }

    final void sparse(boolean labels, boolean predictions) {
        sparseYTrue = labels;
        sparseYPred = predictions;
    }

    final void along(int axis) {
        this.axis = axis;
    }

    final boolean sparseYTrue() {
        return sparseYTrue;
    }

    final boolean sparseYPred() {
        return sparseYPred;
    }

    @Override
    DType defaultDtype() {
        return DType.INT32;
    }

    @Override
    protected final void build(Shape yTrue, Shape yPred) {
        matrix = addVariable("total_confusion_matrix", Shape.of(numClasses, numClasses));
    }

    /** Returns class numbers; by default the predictions are such, or scores of classes. */
    Tensor classes(Tensor yPred) {
        return sparseYPred ? yPred : K.argmax(yPred, axis);
    }

    @Override
    protected final void update(Tensor yTrue, Tensor yPred, @Nullable Tensor sampleWeight) {
        Tensor labels = K.ravel(K.cast(sparseYTrue ? yTrue : K.argmax(yTrue, axis), DType.INT32));
        Tensor said = K.ravel(K.cast(classes(yPred), DType.INT32));
        if (!labels.shape().equals(said.shape())) throw mismatch("a label for each prediction", yTrue, yPred);
        Tensor weight = sampleWeight == null
                ? K.ones(labels.shape(), dtype())
                : K.broadcastTo(flat(K.cast(sampleWeight, dtype())), labels.shape());
        Tensor known = K.logicalAnd(inRange(labels), inRange(said));
        if (ignoreClass != null) known = K.logicalAnd(known, K.notEqual(labels, ignoreClass));
        Tensor cell = K.add(K.multiply(labels, numClasses), said);
        // A cell outside of the matrix is skipped.
        Tensor place = K.where(known, cell, K.fullLike(cell, -1));
        Tensor counts = K.segmentSum(weight, place, numClasses * numClasses);
        add(matrix, K.reshape(counts, numClasses, numClasses));
    }

    private static Tensor flat(Tensor weight) {
        return weight.rank() > 1 ? K.ravel(weight) : weight;
    }

    private Tensor inRange(Tensor classes) {
        return K.logicalAnd(K.greaterEqual(classes, 0), K.less(classes, numClasses));
    }

    /** Classes that neither labels nor predictions have do not count. */
    @Override
    public final Tensor result() {
        variables();
        Tensor counts = K.cast(matrix.value(), DType.FLOAT32);
        Tensor wanted = Tensor.of(mask());
        Tensor hits = K.sum(K.multiply(counts, K.identity(numClasses, DType.FLOAT32)), 0);
        Tensor union = K.subtract(K.add(K.sum(counts, 0), K.sum(counts, 1)), hits);
        Tensor valid = K.logicalAnd(K.greater(union, 1e-9), wanted);
        Tensor iou = K.where(valid, K.divide(hits, K.add(union, K.epsilon())), 0.0);
        return K.divide(K.sum(iou), K.add(K.sum(K.cast(valid, DType.FLOAT32)), K.epsilon()));
    }

    private NDArray mask() {
        var wanted = new boolean[numClasses];
        for (int id : targetClassIds) wanted[id] = true;
        return NDArray.of(Shape.of(numClasses), wanted);
    }

    @Override
    public final Direction direction() {
        return Direction.UP;
    }

    final void putTargets(Map<String, Object> config) {
        config.put("target_class_ids", targetClassIds);
    }

    final void putOptions(Map<String, Object> config, boolean withSparseLabels, boolean withSparsePredictions) {
        config.put("ignore_class", ignoreClass);
        if (withSparseLabels) config.put("sparse_y_true", sparseYTrue);
        if (withSparsePredictions) config.put("sparse_y_pred", sparseYPred);
        config.put("axis", axis);
    }
}
