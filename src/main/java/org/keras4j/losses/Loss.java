package org.keras4j.losses;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.graph.Scope;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;
import org.keras4j.serialization.Configurable;
import org.keras4j.utils.Names;

/** Computes how far predictions are from what they should be. */
public abstract class Loss implements Configurable {
    @Nullable
    String name;

    Reduction reduction = Reduction.SUM_OVER_BATCH_SIZE;

    @Nullable
    DType dtype;

    /** Makes a loss; null as name means one made from the class's. */
    protected Loss(@Nullable String name) {
        this.name = name;
    }

    @Override
    public String module() {
        return "keras.losses";
    }

    public final String name() {
        if (name == null) name = Names.unique(Names.toSnakeCase(className()));
        return name;
    }

    /** Returns Keras's name of the reduction, such as {@code "sum_over_batch_size"}. */
    public final String reduction() {
        return reduction.keras();
    }

    /** Returns the dtype that the loss is computed in. */
    public final DType dtype() {
        return dtype == null ? K.floatx() : dtype;
    }

    /** Returns one value for each element; inputs have the loss's dtype and ranks that fit. */
    protected abstract Tensor values(Tensor yTrue, Tensor yPred);

    /** Says whether labels are whole numbers, which need not become floats. */
    boolean hasIntegerLabels() {
        return false;
    }

    /** Returns the loss of all samples, as {@link #call(Tensor, Tensor, Tensor)}. */
    public final Tensor call(Tensor yTrue, Tensor yPred) {
        return call(yTrue, yPred, null);
    }

    /**
     * Returns the loss: a scalar, or one value for each element if the reduction is none. A mask of {@code yPred} takes
     * elements out.
     *
     * @param sampleWeight factors of the elements, of a shape that broadcasts to theirs
     */
    public final Tensor call(Tensor yTrue, Tensor yPred, @Nullable Tensor sampleWeight) {
        try (Scope scope = Scope.enter(name())) {
            Tensor values = unreduced(yTrue, yPred);
            return reduce(values, sampleWeight, both(yPred.mask(), values.mask()));
        }
    }

    /** Returns one value for each element, without weights and masks; the result may have a mask of its own. */
    public final Tensor unreduced(Tensor yTrue, Tensor yPred) {
        boolean whole = hasIntegerLabels() && !yTrue.dtype().isFloating();
        Tensor labels = K.cast(yTrue, whole ? DType.INT32 : dtype());
        Weights.Pair fitted = Weights.sameRank(labels, K.cast(yPred, dtype()));
        return values(fitted.first(), fitted.second());
    }

    private static @Nullable Tensor both(@Nullable Tensor a, @Nullable Tensor b) {
        if (a == null) return b;
        return b == null ? a : K.logicalAnd(a, b);
    }

    private Tensor reduce(Tensor values, @Nullable Tensor sampleWeight, @Nullable Tensor mask) {
        boolean mean = reduction == Reduction.MEAN || reduction == Reduction.SUM_OVER_BATCH_SIZE;
        Tensor weights =
                mean ? Weights.maskedMean(sampleWeight, mask, dtype()) : Weights.masked(sampleWeight, mask, dtype());
        Tensor cast = K.cast(values, dtype());
        if (weights == null) return reduction.apply(cast, null);
        Weights.Pair fitted = Weights.sameRank(cast, weights);
        return reduction.apply(K.multiply(fitted.first(), fitted.second()), fitted.second());
    }

    /** Returns the exception for shapes that do not fit. */
    final IllegalArgumentException mismatch(String expected, Tensor yTrue, Tensor yPred) {
        return new IllegalArgumentException(className() + " \"" + name() + "\": expected " + expected
                + ", got y_true of shape " + yTrue.shape() + " and y_pred of shape " + yPred.shape());
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("name", name());
        config.put("reduction", reduction.keras());
        return config;
    }
}
