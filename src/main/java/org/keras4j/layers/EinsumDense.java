package org.keras4j.layers;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.activations.Activations;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Variable;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/**
 * Computes {@code activation(einsum(equation, x, kernel) + bias)}. The equation has the form {@code "ab,bc->ac"},
 * {@code "...ab,bc->...ac"} or {@code "ab...,bc->ac..."}.
 */
public final class EinsumDense extends KernelLayer<EinsumDense> {
    private final String equation;
    private final int[] outputShape;
    private @Nullable String biasAxes;
    private @Nullable Variable biasWeight;
    private @Nullable QuantizedEinsum einsum;

    /** Takes the equation and the sizes of the output without the batch axis; -1 where not known. */
    public EinsumDense(String equation, int... outputShape) {
        this.equation = equation;
        this.outputShape = outputShape.clone();
    }

    static EinsumDense fromConfig(ConfigReader config) {
        Shape shape = config.get("output_shape") instanceof Number n
                ? Shape.of(n.intValue())
                : config.nullableShape("output_shape");
        if (shape == null) throw config.wrong("output_shape", "a shape", null);
        return new EinsumDense(config.string("equation"), shape.dims())
                .configureKernel(config)
                .biasAxes(config.nullableString("bias_axes"));
    }

    /** Sets the labels of the output's axes that the bias has; no bias if not set. */
    public EinsumDense biasAxes(@Nullable String biasAxes) {
        requireUnbuilt();
        this.biasAxes = biasAxes;
        return this;
    }

    @Override
    protected void build(Shape input) {
        var shapes = EinsumShapes.of(equation, biasAxes, input, Shape.of(outputShape));
        inputSpec(InputSpec.ofRank(input.rank()));
        Parameter scaled = kernel.withAxes(shapes.inputAxes(), shapes.outputAxes());
        boolean isMade = buildSpecial(shapes.kernel(), matrixRows(shapes.kernel()), "zero_point");
        Quantization q = quantization();
        if (q != null) {
            einsum = QuantizedEinsum.build(this, q, equation, input.rank(), shapes.kernel());
            quantizedKernel(einsum.weight(), einsum.blocks());
        }
        Variable weight = q == null && !isMade ? scaled.add(this, shapes.kernel()) : null;
        if (shapes.bias() != null) biasWeight = bias.add(this, shapes.bias());
        if (weight != null) kernelWeight(weight);
        if (q != null) correctQuantized(shapes.kernel());
    }

    @Override
    public boolean quantize(QuantizeOptions options) {
        return quantizeKernel(
                options, (values, q) -> Objects.requireNonNull(einsum).fill(values));
    }

    /** Keras takes the longest axis for the model's, and those on one side of it together. */
    private static int matrixRows(Shape kernel) {
        if (kernel.rank() != 3) return kernel.rank() == 0 ? 1 : kernel.dim(0);
        boolean projectsIn = kernel.dim(0) >= Math.max(kernel.dim(1), kernel.dim(2));
        return projectsIn ? kernel.dim(0) : kernel.dim(0) * kernel.dim(1);
    }

    private Tensor product(Tensor x, boolean training) {
        if (calibrated != null)
            return K.einsum(equation, x, calibrated.value(dtypePolicy().compute()));
        if (float8 != null) return float8.product(x, kernel(), training, (a, b) -> K.einsum(equation, a, b));
        return einsum == null
                ? K.einsum(equation, x, kernel())
                : corrected(einsum.apply(x, dtypePolicy().compute()), a -> K.einsum(equation, x, a));
    }

    @Override
    protected Tensor call(Tensor x, Call call) {
        Tensor y = product(x, call.training());
        if (biasWeight != null) y = K.add(y, added(biasWeight));
        return activation.call(y);
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("output_shape", Shape.of(outputShape));
        config.put("equation", equation);
        config.put("activation", Activations.serialize(activation));
        config.put("bias_axes", biasAxes);
        Parameter.putInitializers(config, kernel, bias);
        Parameter.putRegularizers(config, kernel, bias);
        config.put("activity_regularizer", activityRegularizer());
        Parameter.putConstraints(config, kernel, bias);
        putQuantization(config);
        putLora(config);
        return config;
    }
}
