package org.keras4j.layers;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Variable;
import org.keras4j.initializers.Initializers;
import org.keras4j.ops.K;

/**
 * A product whose factors are rounded to 8-bit floats (e4m3: Micikevicius et al. 2022) under scales that follow the
 * greatest elements of the last steps. Gradients pass as if nothing were rounded; Keras rounds those of the product
 * too.
 */
final class Float8 {
    private static final double GREATEST = 448;
    private static final int LEAST_EXPONENT = -6;
    private static final int GREATEST_EXPONENT = 8;
    private static final int MANTISSA_BITS = 3;

    /** What the greatest elements of the last steps were, and the scale that follows from them. */
    private record Range(Variable scale, Variable history) {}

    private final DType compute;
    private final Range inputs;
    private final Range kernel;
    private final Range outputGradients;

    /** Adds the variables, before those of the kernel and the bias. */
    Float8(Layer layer) {
        compute = layer.dtypePolicy().compute();
        inputs = add(layer, "inputs");
        kernel = add(layer, "kernel");
        outputGradients = add(layer, "outputs_grad");
    }

    private static Range add(Layer layer, String name) {
        Variable scale = layer.addWeight(
                name + "_scale",
                Shape.SCALAR,
                o -> o.initializer(Initializers.get("ones")).dtype(DType.FLOAT32));
        Variable history = layer.addWeight(
                name + "_amax_history",
                Shape.of(DTypePolicy.FLOAT8_HISTORY),
                o -> o.initializer(Initializers.get("zeros")).dtype(DType.FLOAT32));
        for (Variable v : List.of(scale, history)) v.autocast(false).overwriteWithGradient(true);
        return new Range(scale, history);
    }

    /** Returns the layer's variables in the order in which Keras stores them. */
    Map<String, Variable> stored(Variable weight, @Nullable Variable bias) {
        Map<String, Variable> stored = new LinkedHashMap<>();
        stored.put("0", weight);
        if (bias != null) stored.put("1", bias);
        for (Range range : List.of(inputs, kernel, outputGradients)) {
            stored.put(Integer.toString(stored.size()), range.scale);
            stored.put(Integer.toString(stored.size()), range.history);
        }
        return stored;
    }

    /** Returns {@code product} of the rounded factors; in training the scales move on. */
    Tensor product(Tensor x, Tensor weight, boolean training, BinaryOperator<Tensor> product) {
        return product.apply(rounded(x, inputs, training), rounded(weight, kernel, training));
    }

    /** Float32 layers add a bias of 16 bits, as Keras does. */
    Tensor bias(Tensor bias) {
        return compute == DType.FLOAT32 ? K.cast(K.cast(bias, DType.BFLOAT16), DType.FLOAT32) : bias;
    }

    private Tensor rounded(Tensor x, Range range, boolean training) {
        Tensor old = range.scale.value();
        Tensor history = range.history.value();
        Tensor scale = K.cast(old, compute);
        Tensor inside = K.clip(K.divide(K.cast(x, compute), scale), -GREATEST, GREATEST);
        Tensor rounded = K.stopGradient(K.multiply(K.cast(nearest(K.cast(inside, DType.FLOAT32)), compute), scale));
        if (training) {
            range.scale.assign(K.stopGradient(next(K.max(history), old)));
            range.history.assign(K.stopGradient(moved(history, K.cast(K.max(K.abs(x)), DType.FLOAT32))));
        }
        // x - x is exactly 0 and has the gradient.
        return K.add(rounded, K.subtract(x, K.stopGradient(x)));
    }

    /** The nearest e4m3 number, ties to even. */
    private static Tensor nearest(Tensor y) {
        var steps = new float[GREATEST_EXPONENT - LEAST_EXPONENT + 1];
        for (int i = 0; i < steps.length; i++) steps[i] = Math.scalb(1f, LEAST_EXPONENT - MANTISSA_BITS + i);
        // Where the logarithm rounds to a neighbouring whole number, both steps give the same result.
        Tensor size = K.clip(K.abs(y), Math.scalb(1.0, LEAST_EXPONENT), GREATEST);
        Tensor place = K.clip(K.floor(K.log2(size)), LEAST_EXPONENT, GREATEST_EXPONENT);
        Tensor step = K.take(K.constant(steps), K.cast(K.subtract(place, LEAST_EXPONENT), DType.INT32), 0);
        return K.multiply(K.round(K.divide(y, step)), step);
    }

    private static Tensor next(Tensor greatest, Tensor scale) {
        Tensor usable = K.logicalAnd(K.greater(greatest, 0.0), K.isfinite(greatest));
        return K.where(usable, K.divide(greatest, GREATEST), scale);
    }

    /** Puts {@code greatest} first; what comes after moves up, and the oldest is second in line to go. */
    private static Tensor moved(Tensor history, Tensor greatest) {
        int n = history.shape().dim(0);
        Tensor first = K.reshape(greatest, Shape.of(1));
        if (n == 1) return first;
        Tensor rolled = K.roll(history, -1, 0);
        return K.concatenate(List.of(first, Primitives.slice(rolled, 0, 1, n - 1)), 0);
    }
}
