package org.keras4j.layers;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Variable;
import org.keras4j.serialization.ConfigReader;

/** The options of layers whose main weight is called kernel, with low-rank adaptation of it. */
abstract class KernelLayer<L extends KernelLayer<L>> extends BiasLayer<L> {
    final Parameter kernel = new Parameter("kernel", "glorot_uniform");
    private @Nullable Variable kernelWeight;
    private @Nullable Integer loraRank;
    private @Nullable Double loraAlpha;
    private @Nullable Lora lora;
    private @Nullable Object quantizationConfig;

    @Nullable
    QuantizedWeight quantized;

    @Nullable
    CalibratedWeight calibrated;

    @Nullable
    Float8 float8;

    @Nullable
    Variable blocks;

    /** Sets how the kernel starts: an initializer or its name. */
    public L kernelInitializer(Object initializer) {
        requireUnbuilt();
        kernel.initializer(initializer);
        return self();
    }

    /** Sets the penalty on the kernel: a regularizer or its name. */
    public L kernelRegularizer(@Nullable Object regularizer) {
        requireUnbuilt();
        kernel.regularizer(regularizer);
        return self();
    }

    /** Sets what the kernel is held to: a constraint or its name. */
    public L kernelConstraint(@Nullable Object constraint) {
        requireUnbuilt();
        kernel.constraint(constraint);
        return self();
    }

    /** Freezes the kernel and trains a correction of this rank in its place; null for none. */
    public L loraRank(@Nullable Integer rank) {
        requireUnbuilt();
        loraRank = rank;
        return self();
    }

    /** Sets the weight of the low-rank correction, which counts alpha / rank times; the rank if not set. */
    public L loraAlpha(@Nullable Double alpha) {
        requireUnbuilt();
        loraAlpha = alpha;
        return self();
    }

    /** Takes the weight that {@link #kernel()} reads, after all other weights are made. */
    final void kernelWeight(Variable weight) {
        kernelWeight = weight;
        if (loraRank == null) return;
        refuseConstraint();
        lora = new Lora(this, weight, loraRank, loraAlpha, kernel.regularizer());
    }

    /** Adds the low-rank correction of a quantized kernel of that shape, after all other weights are made. */
    final void correctQuantized(Shape shape) {
        if (loraRank == null) return;
        refuseConstraint();
        lora = new Lora(this, shape, loraRank, loraAlpha, kernel.regularizer(), "lora_kernel");
    }

    private void refuseConstraint() {
        if (kernel.constraint() != null)
            throw new IllegalArgumentException("lora does not go with a kernel constraint; remove one of them");
    }

    /**
     * Adds the correction's part to a product with the quantized kernel.
     *
     * @param product multiplies the layer's input with a matrix in place of the kernel
     */
    final Tensor corrected(Tensor y, UnaryOperator<Tensor> product) {
        return lora == null ? y : lora.addTo(y, product);
    }

    /**
     * Makes what a policy of 8-bit floats or of a calibrated matrix needs.
     *
     * @param rows how many rows the kernel has as a matrix
     * @return whether the kernel is made with it
     */
    final boolean buildSpecial(Shape shape, int rows, String zeroName) {
        String mode = dtypePolicy().quantization();
        boolean isCalibrated = CalibratedWeight.is(mode);
        boolean isFloat8 = "float8".equals(mode);
        if ((isCalibrated || isFloat8) && loraRank != null)
            throw new IllegalArgumentException("lora_rank does not go with the dtype policy "
                    + dtypePolicy().name());
        if (isCalibrated) calibrated = new CalibratedWeight(this, Objects.requireNonNull(mode), shape, rows, zeroName);
        if (isFloat8) float8 = new Float8(this);
        return isCalibrated;
    }

    /** Returns the bias as it is added. */
    final Tensor added(Variable bias) {
        return float8 == null ? bias.value() : float8.bias(bias.value());
    }

    private @Nullable Variable ownBias() {
        for (Variable v : ownWeights()) if (v.name().equals("bias")) return v;
        return null;
    }

    /** Returns how the dtype policy says to quantize, or null. */
    final @Nullable Quantization quantization() {
        if (calibrated != null || float8 != null) return null;
        return Quantization.of(dtypePolicy(), quantizationConfig instanceof Map<?, ?> map ? map : null, false);
    }

    /** Builds the layer anew and quantized; {@code fill} then gives the kernel its values, unless that stays as it is. */
    final boolean quantizeKernel(QuantizeOptions options, BiConsumer<NDArray, Quantization> fill) {
        if (loraRank != null)
            throw new IllegalStateException(
                    describe() + ": expected no low-rank correction (lora_rank) when quantized");
        Variable before = built() && dtypePolicy().quantization() == null ? kernelWeight() : null;
        NDArray weight = before == null ? null : before.numpy();
        Variable oldBias = ownBias();
        quantizationConfig = options.config();
        rebuild(options.policy(dtypePolicy()));
        Variable newBias = ownBias();
        if (oldBias != null && newBias != null) newBias.assign(oldBias.numpy());
        NDArray values = Objects.requireNonNull(weight);
        if (float8 != null) {
            kernelWeight().assign(values);
            return true;
        }
        kernelWeight = null;
        fill.accept(values, Objects.requireNonNull(quantization()));
        return true;
    }

    /** Takes a quantized kernel in place of {@link #kernelWeight(Variable)}. */
    final void quantizedKernel(QuantizedWeight weight, @Nullable Variable blocks) {
        quantized = weight;
        this.blocks = blocks;
    }

    /** Puts Keras's {@code quantization_config} as it was read. */
    final void putQuantization(Map<String, Object> config) {
        config.put("quantization_config", quantizationConfig);
    }

    /** Returns the weights in the order in which Keras stores them, which quantization changes. */
    @Override
    public Map<String, Variable> storedVariables() {
        if (calibrated != null) return calibrated.stored(ownBias());
        if (float8 != null) return float8.stored(kernelWeight(), ownBias());
        if (lora != null && kernelWeight != null) return lora.without(ownWeights());
        if (quantized == null) return super.storedVariables();
        Map<String, Variable> stored = new LinkedHashMap<>();
        stored.put("0", quantized.whole);
        for (Variable v : ownWeights()) if (v.name().equals("bias")) stored.put(Integer.toString(stored.size()), v);
        stored.put(Integer.toString(stored.size()), quantized.scale);
        if (quantized.zero != null) stored.put(Integer.toString(stored.size()), quantized.zero);
        if (blocks != null) stored.put(Integer.toString(stored.size()), blocks);
        return stored;
    }

    /** Returns the kernel with its correction, in the dtype that the layer computes in. */
    final Tensor kernel() {
        Tensor stored = kernelWeight().value();
        DType compute = dtypePolicy().compute();
        return lora == null ? stored : Primitives.cast(lora.applyTo(stored), compute);
    }

    /** Returns the weight; the layer must be built. */
    final Variable kernelWeight() {
        if (kernelWeight == null) throw new IllegalStateException(describe() + " has no kernel before it is built");
        return kernelWeight;
    }

    /** The correction is stored as part of the weight, as in Keras. */
    @Override
    public NDArray storedValue(Variable variable) {
        if (lora != null && quantized != null && variable == quantized.whole) lora.refuseUnsaved(this);
        return lora != null && variable == kernelWeight
                ? lora.applyTo(variable.value()).value()
                : variable.numpy();
    }

    @Override
    public void stateLoaded() {
        if (lora != null) lora.reset();
    }

    final void putLora(Map<String, Object> config) {
        if (loraRank == null) return;
        config.put("lora_rank", loraRank);
        config.put("lora_alpha", loraAlpha == null ? (Object) loraRank : loraAlpha);
    }

    final L configureKernel(ConfigReader config) {
        configureBias(config);
        kernel.read(config);
        loraRank = config.nullableInteger("lora_rank");
        loraAlpha = config.nullableReal("lora_alpha");
        quantizationConfig = config.get("quantization_config");
        return self();
    }
}
