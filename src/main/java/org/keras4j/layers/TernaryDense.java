package org.keras4j.layers;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.activations.Activations;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Variable;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/**
 * A {@link Dense} that computes with the signs of the kernel, {@code [..., in] -> [..., units]}: weights of at most the
 * threshold in size count as 0. Without a threshold, that is half the mean size of the weights, and results are scaled
 * by the mean size (BitNet b1.58, Ma et al. 2024, section 2). Gradients reach the kernel as if its values had been
 * used.
 *
 * <p>With a policy such as {@code "ternary_from_float32"} the layer has the signs only, five to a byte, and a scale.
 */
public final class TernaryDense extends BiasLayer<TernaryDense> {
    private final Parameter kernel = new Parameter("kernel", "glorot_uniform");
    private final int units;
    private @Nullable Double threshold;
    private @Nullable Variable kernelWeight;
    private @Nullable TernaryWeight packed;
    private @Nullable Variable biasWeight;

    /** Makes a layer of {@code units} outputs. */
    public TernaryDense(int units) {
        if (units <= 0) throw new IllegalArgumentException("TernaryDense: units must be positive, got " + units);
        this.units = units;
        supportsMasking(true);
        inputSpec(InputSpec.atLeast(2));
    }

    static TernaryDense fromConfig(ConfigReader config) {
        var layer = new TernaryDense(config.integer("units")).configureBias(config);
        layer.threshold(config.nullableReal("threshold"));
        layer.kernel.read(config);
        return layer;
    }

    /** Sets the size that a weight must exceed to count; null for half the mean size of all. */
    public TernaryDense threshold(@Nullable Double threshold) {
        requireUnbuilt();
        if (threshold != null && !(threshold >= 0))
            throw new IllegalArgumentException("TernaryDense: threshold must be 0 or more, got " + threshold);
        this.threshold = threshold;
        return this;
    }

    /** Says whether a bias is added; true if not set. */
    public TernaryDense useBias(boolean useBias) {
        requireUnbuilt();
        this.useBias = useBias;
        return this;
    }

    /** Sets how the kernel starts: an initializer or its name. */
    public TernaryDense kernelInitializer(Object initializer) {
        requireUnbuilt();
        kernel.initializer(initializer);
        return this;
    }

    /** Sets the penalty on the kernel: a regularizer or its name. */
    public TernaryDense kernelRegularizer(@Nullable Object regularizer) {
        requireUnbuilt();
        kernel.regularizer(regularizer);
        return this;
    }

    /** Sets what the kernel is held to: a constraint or its name. */
    public TernaryDense kernelConstraint(@Nullable Object constraint) {
        requireUnbuilt();
        kernel.constraint(constraint);
        return this;
    }

    @Override
    protected void build(Shape input) {
        int in = knownSize(input, -1);
        String mode = dtypePolicy().quantization();
        if (mode == null) kernelWeight = kernel.add(this, Shape.of(in, units));
        else if (mode.equals("ternary")) packed = new TernaryWeight(this, in, units);
        else
            throw new IllegalArgumentException("expected a dtype policy quantized as ternary, got \""
                    + dtypePolicy().name() + "\"");
        if (useBias) biasWeight = bias.add(this, Shape.of(units));
        inputSpec(InputSpec.atLeast(2).with(-1, in));
    }

    @Override
    protected Tensor call(Tensor x, Call call) {
        Tensor y =
                packed == null ? product(x, Objects.requireNonNull(kernelWeight).value()) : packed.product(x);
        if (biasWeight != null) y = K.add(y, biasWeight.value());
        return activation.call(y);
    }

    private Tensor product(Tensor x, Tensor weight) {
        Tensor size = K.abs(weight);
        Tensor mean = K.mean(size);
        Tensor large = threshold == null
                ? K.greater(size, K.multiply(0.5, mean))
                : K.greater(size, K.fullLike(size, threshold));
        Tensor signs = K.multiply(K.sign(weight), K.cast(large, weight.dtype()));
        Tensor straight = K.add(weight, K.stopGradient(Primitives.sub(signs, weight)));
        Tensor y = K.matmul(x, straight);
        return threshold == null ? K.multiply(y, mean) : y;
    }

    /** Returns the weights in the order in which Keras stores them: kernel, bias, then the scale. */
    @Override
    public Map<String, Variable> storedVariables() {
        return packed == null ? super.storedVariables() : packed.stored(biasWeight);
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("units", units);
        config.put("threshold", threshold);
        config.put("activation", Activations.serialize(activation));
        config.put("use_bias", useBias);
        Parameter.putInitializers(config, kernel, bias);
        Parameter.putRegularizers(config, kernel, bias);
        config.put("activity_regularizer", activityRegularizer());
        Parameter.putConstraints(config, kernel, bias);
        return config;
    }
}
