package org.keras4j.layers;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Variable;
import org.keras4j.initializers.Initializer;
import org.keras4j.initializers.Initializers;
import org.keras4j.ops.K;
import org.keras4j.regularizers.Regularizer;

/** A trained correction of low rank to a frozen weight: {@code weight + alpha / rank * a . b} (Hu et al. 2021). */
final class Lora {
    private final double factor;
    private final Variable a;
    private final Variable b;

    Lora(Layer layer, Variable weight, int rank, @Nullable Double alpha, @Nullable Regularizer regularizer) {
        this(layer, weight, rank, alpha, regularizer, "lora_kernel");
    }

    /** Adds the weights {@code prefix_a} and {@code prefix_b} to {@code layer} and freezes {@code weight}. */
    Lora(
            Layer layer,
            Variable weight,
            int rank,
            @Nullable Double alpha,
            @Nullable Regularizer regularizer,
            String prefix) {
        this(layer, weight.shape(), rank, alpha, regularizer, prefix);
        weight.trainable(false);
    }

    /** Adds the weights {@code prefix_a} and {@code prefix_b} of a correction of that shape. */
    Lora(Layer layer, Shape shape, int rank, @Nullable Double alpha, @Nullable Regularizer regularizer, String prefix) {
        if (rank <= 0) throw new IllegalArgumentException("lora_rank must be positive, got " + rank);
        factor = (alpha == null ? rank : alpha) / rank;
        Shape left = shape.with(-1, rank);
        a = add(layer, prefix + "_a", left, "he_uniform", regularizer);
        b = add(layer, prefix + "_b", Shape.of(rank, shape.last()), "zeros", regularizer);
    }

    private static Variable add(
            Layer layer, String name, Shape shape, String initializer, @Nullable Regularizer regularizer) {
        Initializer start = Initializers.get(initializer);
        return layer.addWeight(
                name, shape, o -> o.initializer(start).dtype(DType.FLOAT32).regularizer(regularizer));
    }

    Tensor applyTo(Tensor weight) {
        return K.add(weight, K.multiply(product(), factor));
    }

    /** Returns {@code a . b}, of the weight's shape. */
    Tensor product() {
        return K.matmul(a.value(), b.value());
    }

    /** Adds the correction's part to y, where {@code times} does with a what the layer does with its weight. */
    Tensor addTo(Tensor y, UnaryOperator<Tensor> times) {
        return K.add(y, K.multiply(K.matmul(times.apply(a.value()), b.value()), factor));
    }

    /** Returns the weights of a layer, numbered, without those of the correction. */
    Map<String, Variable> without(List<Variable> own) {
        Map<String, Variable> rest = new LinkedHashMap<>();
        for (Variable weight : own) if (weight != a && weight != b) rest.put(Integer.toString(rest.size()), weight);
        return rest;
    }

    /**
     * Refuses to save quantized weights without a correction that changes them: it has no place of its own in files.
     */
    void refuseUnsaved(Layer layer) {
        NDArray change = product().value();
        for (int i = 0; i < change.size(); i++)
            if (change.get(i) != 0)
                throw new IllegalStateException(layer.describe()
                        + ": expected quantized weights without a trained low-rank correction, which would be lost;"
                        + " save the model before it is quantized, or without lora_rank");
    }

    /** Makes the correction nothing. */
    void reset() {
        a.assign(NDArray.zeros(a.dtype(), a.shape()));
        b.assign(NDArray.zeros(b.dtype(), b.shape()));
    }
}
