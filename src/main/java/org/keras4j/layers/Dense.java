package org.keras4j.layers;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.activations.Activations;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Variable;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/** Computes {@code activation(x . kernel + bias)} along the last axis: {@code [..., in] -> [..., units]}. */
public final class Dense extends KernelLayer<Dense> {
    private final int units;
    private @Nullable TernaryWeight ternary;
    private @Nullable Variable biasWeight;

    public Dense(int units) {
        if (units <= 0) throw new IllegalArgumentException("Dense: units must be positive, got " + units);
        this.units = units;
        supportsMasking(true);
        inputSpec(InputSpec.atLeast(2));
    }

    public Dense(int units, String activation) {
        this(units);
        activation(activation);
    }

    static Dense fromConfig(ConfigReader config) {
        return new Dense(config.integer("units")).configureKernel(config);
    }

    /** Says whether a bias is added; true if not set. */
    public Dense useBias(boolean useBias) {
        requireUnbuilt();
        this.useBias = useBias;
        return this;
    }

    @Override
    protected void build(Shape input) {
        int in = knownSize(input, -1);
        Shape shape = Shape.of(in, units);
        boolean isTernary = "ternary".equals(dtypePolicy().quantization());
        boolean isMade = isTernary || buildSpecial(shape, in, "kernel_zero");
        Quantization q = isMade ? null : quantization();
        if (q != null) buildQuantized(q, in);
        if (isTernary) ternary = new TernaryWeight(this, in, units);
        Variable weight = q == null && !isMade ? kernel.add(this, shape) : null;
        if (useBias) biasWeight = bias.add(this, Shape.of(units));
        if (weight != null) kernelWeight(weight);
        if (q != null) correctQuantized(shape);
        inputSpec(InputSpec.atLeast(2).with(-1, in));
    }

    private void buildQuantized(Quantization q, int in) {
        int block = q.blockSize();
        Shape scales = block == 0 ? Shape.of(units) : Shape.of(Math.ceilDiv(in, block), units);
        DType zero = block == 0 ? null : DType.INT8;
        var weight = new QuantizedWeight(this, "kernel", q, Shape.of(in, units), 1, scales, zero);
        quantizedKernel(weight, block == 0 ? null : QuantizedWeight.addBlocks(this, in, block));
    }

    @Override
    public boolean quantize(QuantizeOptions options) {
        return quantizeKernel(
                options, (values, q) -> Objects.requireNonNull(quantized).assign(values, q, false));
    }

    private Tensor quantizedProduct(Tensor x, QuantizedWeight weight) {
        DType compute = dtypePolicy().compute();
        Tensor wholes = weight.wholes();
        if (blocks != null) {
            Tensor zero = Objects.requireNonNull(weight.zero).value();
            return K.matmul(
                    x, K.cast(QuantizedWeight.inBlocks(wholes, weight.scale.value(), zero, blocks, 0), compute));
        }
        Quantization q = Objects.requireNonNull(quantization());
        Tensor matrix = K.cast(wholes, compute);
        if (q.inputRange() == 0) return K.divide(K.matmul(x, matrix), weight.scale.value());
        Quantization.Rounded rounded = q.round(x, new int[] {-1});
        return K.divide(K.matmul(rounded.values(), matrix), K.multiply(weight.scale.value(), rounded.scale()));
    }

    private Tensor product(Tensor x, boolean training) {
        if (ternary != null) return ternary.product(x);
        if (calibrated != null)
            return K.matmul(x, calibrated.value(dtypePolicy().compute()));
        if (float8 != null) return float8.product(x, kernel(), training, K::matmul);
        return quantized == null
                ? K.matmul(x, kernel())
                : corrected(quantizedProduct(x, quantized), a -> K.matmul(x, a));
    }

    @Override
    protected Tensor call(Tensor x, Call call) {
        Tensor y = product(x, call.training());
        if (biasWeight != null) y = K.add(y, added(biasWeight));
        return activation.call(y);
    }

    @Override
    public Map<String, Variable> storedVariables() {
        return ternary == null ? super.storedVariables() : ternary.stored(biasWeight);
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("units", units);
        config.put("activation", Activations.serialize(activation));
        config.put("use_bias", useBias);
        Parameter.putAll(config, kernel, bias);
        putQuantization(config);
        putLora(config);
        return config;
    }
}
