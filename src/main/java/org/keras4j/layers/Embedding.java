package org.keras4j.layers;

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
public class Embedding extends BaseLayer<Embedding> {
    final Parameter embeddings = new Parameter("embeddings", "uniform");
    private final int inputDim;
    private final int outputDim;
    private boolean maskZero;
    private @Nullable Integer loraRank;
    private @Nullable Double loraAlpha;
    private @Nullable Variable weight;
    private @Nullable Lora lora;

    /** Takes the number of indices, from 0 to {@code inputDim} - 1, and the length of their vectors. */
    public Embedding(int inputDim, int outputDim) {
        if (inputDim <= 0) throw new IllegalArgumentException("Embedding: input_dim must be positive, got " + inputDim);
        if (outputDim <= 0)
            throw new IllegalArgumentException("Embedding: output_dim must be positive, got " + outputDim);
        this.inputDim = inputDim;
        this.outputDim = outputDim;
    }

    static Embedding fromConfig(ConfigReader config) {
        return new Embedding(config.integer("input_dim"), config.integer("output_dim")).configureEmbedding(config);
    }

    final Embedding configureEmbedding(ConfigReader config) {
        configure(this, config);
        embeddings.read(config);
        maskZero(config.bool("mask_zero", false));
        loraRank = config.nullableInteger("lora_rank");
        loraAlpha = config.nullableReal("lora_alpha");
        return this;
    }

    public Embedding embeddingsInitializer(Object initializer) {
        requireUnbuilt();
        embeddings.initializer(initializer);
        return this;
    }

    public Embedding embeddingsRegularizer(@Nullable Object regularizer) {
        requireUnbuilt();
        embeddings.regularizer(regularizer);
        return this;
    }

    public Embedding embeddingsConstraint(@Nullable Object constraint) {
        requireUnbuilt();
        embeddings.constraint(constraint);
        return this;
    }

    /** Says whether index 0 is padding, which later layers are to ignore. */
    public Embedding maskZero(boolean maskZero) {
        requireUnbuilt();
        this.maskZero = maskZero;
        supportsMasking(maskZero);
        return this;
    }

    /** Freezes the vectors and trains a correction of this rank in their place; null for none. */
    public Embedding loraRank(@Nullable Integer rank) {
        requireUnbuilt();
        loraRank = rank;
        return this;
    }

    /** Sets the weight of the low-rank correction, which counts alpha / rank times; the rank if not set. */
    public Embedding loraAlpha(@Nullable Double alpha) {
        requireUnbuilt();
        loraAlpha = alpha;
        return this;
    }

    /** Builds the layer with these vectors, {@code [inputDim, outputDim]}. */
    public Embedding weights(NDArray vectors) {
        buildFrom(Shape.of(Shape.UNKNOWN));
        setWeights(java.util.List.of(vectors));
        return this;
    }

    final int inputDim() {
        return inputDim;
    }

    final int outputDim() {
        return outputDim;
    }

    @Override
    protected void build(Shape input) {
        weight = embeddings.add(this, Shape.of(inputDim, outputDim));
        if (loraRank == null) return;
        if (embeddings.constraint() != null)
            throw new IllegalArgumentException("lora does not go with an embeddings constraint; remove one of them");
        lora = new Lora(this, weight, loraRank, loraAlpha, embeddings.regularizer(), "lora_embeddings");
    }

    /** Returns the weight; the layer must be built. */
    final Variable embeddingsWeight() {
        return Objects.requireNonNull(weight, "built");
    }

    /** Returns the vectors with their correction, in the dtype that the layer computes in. */
    final Tensor vectors() {
        Tensor stored = embeddingsWeight().value();
        return lora == null ? stored : Primitives.cast(lora.applyTo(stored), dtypePolicy().compute());
    }

    @Override
    protected Tensor call(Tensor x, Call call) {
        Tensor index = x.dtype().isInteger() ? x : K.cast(x, DType.INT32);
        refuseOutside(index);
        return K.cast(K.take(vectors(), index, 0), dtypePolicy().compute());
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
        config.put("quantization_config", null);
        if (loraRank != null) {
            config.put("lora_rank", loraRank);
            config.put("lora_alpha", loraAlpha == null ? (Object) loraRank : loraAlpha);
        }
        return config;
    }
}
