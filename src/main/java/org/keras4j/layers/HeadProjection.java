package org.keras4j.layers;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.activations.Activation;
import org.keras4j.activations.Activations;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Variable;
import org.keras4j.initializers.Initializer;
import org.keras4j.initializers.Initializers;
import org.keras4j.ops.K;

/**
 * Replaces the last {@code bound} axes of its input by {@code outputs} others through one matrix product: what
 * attention uses {@code EinsumDense} for in Keras, with the same weights.
 */
final class HeadProjection extends BaseLayer<HeadProjection> {
    private final int bound;
    private final Shape outputs;
    private final Options options;
    private Activation activation = Activations.get("linear");
    private @Nullable Variable kernelWeight;
    private @Nullable Variable biasWeight;

    /** What the projections of one attention layer have in common. */
    record Options(
            Parameter kernel,
            Parameter bias,
            boolean useBias,
            DTypePolicy policy,
            @Nullable Object penalty) {}

    HeadProjection(String name, int bound, Shape outputs, Options options) {
        this.bound = bound;
        this.outputs = outputs;
        this.options = options;
        name(name);
        dtype(options.policy());
        activityRegularizer(options.penalty());
    }

    HeadProjection activation(String name) {
        activation = Activations.get(name);
        return this;
    }

    @Override
    public String className() {
        return "EinsumDense";
    }

    @Override
    protected void build(Shape input) {
        Shape kernel = input.from(input.rank() - bound).concat(outputs);
        Initializer start = fresh(options.kernel().initializer());
        kernelWeight = addWeight(
                "kernel",
                kernel,
                o -> o.initializer(start)
                        .regularizer(options.kernel().regularizer())
                        .constraint(options.kernel().constraint()));
        if (!options.useBias()) return;
        Initializer biasStart = fresh(options.bias().initializer());
        biasWeight = addWeight(
                "bias",
                outputs,
                o -> o.initializer(biasStart)
                        .regularizer(options.bias().regularizer())
                        .constraint(options.bias().constraint()));
    }

    /** Makes an equal initializer; one without a seed would give the same values to all projections. */
    private static @Nullable Initializer fresh(@Nullable Initializer initializer) {
        return initializer == null ? null : Initializers.get(PlainConfig.object(initializer));
    }

    @Override
    protected Tensor call(Tensor x, Call call) {
        if (kernelWeight == null) throw refuse("expected to be built", x.shape());
        Tensor kernel = kernelWeight.value();
        Shape rows = x.shape().slice(0, x.rank() - bound);
        int inner = Math.toIntExact(x.shape().size(x.rank() - bound, x.rank()));
        Tensor matrix = Primitives.reshape(kernel, Shape.of(inner, outputs.size()));
        Tensor flat = Primitives.reshape(x, Shape.of(rows.size(), inner));
        Tensor y = Primitives.dot(flat, false, matrix, false);
        if (biasWeight != null) y = K.add(y, Primitives.reshape(biasWeight.value(), Shape.of(outputs.size())));
        return activation.call(Primitives.reshape(y, rows.concat(outputs)));
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = new LinkedHashMap<>(super.getConfig());
        config.put("output_shape", outputs);
        return config;
    }
}
