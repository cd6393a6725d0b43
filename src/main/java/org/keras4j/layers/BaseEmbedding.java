package org.keras4j.layers;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Variable;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/** Looks up a learned vector for each index: {@code int[...] -> [..., outputDim]}. */
abstract class BaseEmbedding<L extends BaseEmbedding<L>> extends BaseLayer<L> {
    final Parameter embeddings = new Parameter("embeddings", "uniform");
    private final int inputDim;
    private final int outputDim;
    private boolean maskZero;
    private @Nullable Integer loraRank;
    private @Nullable Double loraAlpha;
    private @Nullable Variable weight;
    private @Nullable Lora lora;
    private @Nullable Object quantizationConfig;
    private @Nullable QuantizedWeight quantized;
    private @Nullable Variable blocks;

    /** Takes the number of indices, from 0 to {@code inputDim} - 1, and the length of their vectors. */
    BaseEmbedding(int inputDim, int outputDim) {
        if (inputDim <= 0)
            throw new IllegalArgumentException(className() + ": input_dim must be positive, got " + inputDim);
        if (outputDim <= 0)
            throw new IllegalArgumentException(className() + ": output_dim must be positive, got " + outputDim);
        this.inputDim = inputDim;
        this.outputDim = outputDim;
    }

    final L configureEmbedding(ConfigReader config) {
        configure(this, config);
        embeddings.read(config);
        maskZero(config.bool("mask_zero", false));
        loraRank = config.nullableInteger("lora_rank");
        loraAlpha = config.nullableReal("lora_alpha");
        quantizationConfig = config.get("quantization_config");
        return self();
    }

    public L embeddingsInitializer(Object initializer) {
        requireUnbuilt();
        embeddings.initializer(initializer);
        return self();
    }

    public L embeddingsRegularizer(@Nullable Object regularizer) {
        requireUnbuilt();
        embeddings.regularizer(regularizer);
        return self();
    }

    public L embeddingsConstraint(@Nullable Object constraint) {
        requireUnbuilt();
        embeddings.constraint(constraint);
        return self();
    }

    /** Says whether index 0 is padding, which later layers are to ignore. */
    public L maskZero(boolean maskZero) {
        requireUnbuilt();
        this.maskZero = maskZero;
        supportsMasking(maskZero);
        return self();
    }

    /** Freezes the vectors and trains a correction of this rank in their place; null for none. */
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

    /** Builds the layer with these vectors, {@code [inputDim, outputDim]}. */
    public L weights(NDArray vectors) {
        buildFrom(Shape.of(Shape.UNKNOWN));
        setWeights(List.of(vectors));
        return self();
    }

    final boolean maskZero() {
        return maskZero;
    }

    final int inputDim() {
        return inputDim;
    }

    final int outputDim() {
        return outputDim;
    }

    @Override
    protected void build(Shape input) {
        Quantization q = quantization();
        if (q == null) weight = embeddings.add(this, Shape.of(inputDim, outputDim));
        else buildQuantized(q);
        if (loraRank == null) return;
        if (embeddings.constraint() != null)
            throw new IllegalArgumentException("lora does not go with an embeddings constraint; remove one of them");
        lora = weight == null
                ? new Lora(
                        this,
                        Shape.of(inputDim, outputDim),
                        loraRank,
                        loraAlpha,
                        embeddings.regularizer(),
                        "lora_embeddings")
                : new Lora(this, weight, loraRank, loraAlpha, embeddings.regularizer(), "lora_embeddings");
    }

    private void buildQuantized(Quantization q) {
        int block = q.blockSize();
        Shape scales = block == 0 ? Shape.of(inputDim) : Shape.of(inputDim, Math.ceilDiv(outputDim, block));
        DType zero = block == 0 ? null : DType.INT8;
        quantized = new QuantizedWeight(this, "embeddings", q, Shape.of(inputDim, outputDim), 1, scales, zero);
        if (block > 0) blocks = QuantizedWeight.addBlocks(this, outputDim, block);
    }

    @Override
    public boolean quantize(QuantizeOptions options) {
        if (options.isFloat8()) return false;
        if (loraRank != null)
            throw new IllegalStateException(
                    describe() + ": expected no low-rank correction (lora_rank) when quantized");
        NDArray vectors = weight == null ? null : weight.numpy();
        quantizationConfig = options.config();
        rebuild(options.policy(dtypePolicy()));
        weight = null;
        NDArray turned = QuantizedWeight.turned(Objects.requireNonNull(vectors));
        Objects.requireNonNull(quantized).assign(turned, Objects.requireNonNull(quantization()), true);
        return true;
    }

    /** Returns how the dtype policy says to quantize, or null. */
    final @Nullable Quantization quantization() {
        return Quantization.of(dtypePolicy(), quantizationConfig instanceof Map<?, ?> map ? map : null, true);
    }

    final @Nullable QuantizedWeight quantized() {
        return quantized;
    }

    final @Nullable Variable blocks() {
        return blocks;
    }

    /** Returns the weights in the order in which Keras stores them. */
    @Override
    public Map<String, Variable> storedVariables() {
        if (lora != null && weight != null) return lora.without(ownWeights());
        if (quantized == null) return super.storedVariables();
        Map<String, Variable> stored = new LinkedHashMap<>();
        stored.put("0", quantized.whole);
        stored.put("1", quantized.scale);
        if (quantized.zero != null) stored.put("2", quantized.zero);
        if (blocks != null) stored.put("3", blocks);
        return stored;
    }

    /** The correction is stored as part of the weight, as in Keras. */
    @Override
    public NDArray storedValue(Variable variable) {
        if (lora != null && quantized != null && variable == quantized.whole) lora.refuseUnsaved(this);
        return lora != null && variable == weight
                ? lora.applyTo(variable.value()).value()
                : variable.numpy();
    }

    @Override
    public void stateLoaded() {
        if (lora != null) lora.reset();
    }

    /** Returns the weight; the layer must be built. */
    final Variable embeddingsWeight() {
        return Objects.requireNonNull(weight, "built");
    }

    /** Returns the vectors with their correction, in the dtype that the layer computes in. */
    final Tensor vectors() {
        Tensor stored = embeddingsWeight().value();
        return lora == null
                ? stored
                : Primitives.cast(lora.applyTo(stored), dtypePolicy().compute());
    }

    @Override
    protected Tensor call(Tensor x, Call call) {
        Tensor index = x.dtype().isInteger() ? x : K.cast(x, DType.INT32);
        refuseOutside(index);
        DType compute = dtypePolicy().compute();
        if (quantized == null) return K.cast(K.take(vectors(), index, 0), compute);
        Tensor wholes = K.cast(K.take(quantized.wholes(), index, 0), compute);
        Tensor scale = K.take(quantized.scale.value(), index, 0);
        Tensor y = blocks == null
                ? K.divide(wholes, K.expandDims(scale, -1))
                : QuantizedWeight.inBlocks(
                        wholes,
                        scale,
                        K.take(Objects.requireNonNull(quantized.zero).value(), index, 0),
                        blocks,
                        -1);
        if (lora != null) y = lora.addTo(y, a -> K.take(a, index, 0));
        return K.cast(y, compute);
    }

    /** Refuses indices that are known to be outside; others are found when the model runs. */
    private void refuseOutside(Tensor index) {
        if (!index.hasValue()) return;
        NDArray known = index.value();
        for (int i = 0; i < known.size(); i++) {
            double at = known.get(i);
            if (at < -inputDim || at >= inputDim)
                throw refuse("expected indices from 0 to " + (inputDim - 1), (long) at);
        }
    }

    @Override
    protected boolean castsInputs() {
        return false;
    }

    @Override
    protected @Nullable Object computeMask(Object inputs, @Nullable Object mask) {
        return maskZero ? K.notEqual((Tensor) inputs, 0) : null;
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("input_dim", inputDim);
        config.put("output_dim", outputDim);
        Parameter.putInitializers(config, embeddings);
        Parameter.putRegularizers(config, embeddings);
        config.put("activity_regularizer", activityRegularizer());
        Parameter.putConstraints(config, embeddings);
        config.put("mask_zero", maskZero);
        config.put("quantization_config", quantizationConfig);
        if (loraRank != null) {
            config.put("lora_rank", loraRank);
            config.put("lora_alpha", loraAlpha == null ? (Object) loraRank : loraAlpha);
        }
        return config;
    }
}
