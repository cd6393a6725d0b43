package org.keras4j.layers;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Variable;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/**
 * An embedding that can also be run backwards, from vectors to a logit for each index: call it with {@code
 * reverse=true}.
 */
public final class ReversibleEmbedding extends BaseEmbedding<ReversibleEmbedding> {
    private boolean tieWeights = true;
    private @Nullable DType reverseDtype;
    private @Nullable Double logitSoftCap;
    private @Nullable Variable reverse;
    private @Nullable QuantizedWeight quantizedReverse;

    public ReversibleEmbedding(int inputDim, int outputDim) {
        super(inputDim, outputDim);
    }

    static ReversibleEmbedding fromConfig(ConfigReader config) {
        String dtype = config.nullableString("reverse_dtype");
        return new ReversibleEmbedding(config.integer("input_dim"), config.integer("output_dim"))
                .configureEmbedding(config)
                .tieWeights(config.bool("tie_weights", true))
                .reverseDtype(dtype)
                .logitSoftCap(config.nullableReal("logit_soft_cap"));
    }

    /** Says whether both directions use one weight; true if not set. */
    public ReversibleEmbedding tieWeights(boolean tieWeights) {
        requireUnbuilt();
        this.tieWeights = tieWeights;
        return this;
    }

    /** Sets the dtype in which logits are computed; null for that of the layer. */
    public ReversibleEmbedding reverseDtype(@Nullable String dtype) {
        requireUnbuilt();
        reverseDtype = dtype == null ? null : DType.of(dtype);
        return this;
    }

    /** Bounds logits smoothly to plus or minus this; null for no bound. */
    public ReversibleEmbedding logitSoftCap(@Nullable Double cap) {
        requireUnbuilt();
        logitSoftCap = cap;
        return this;
    }

    @Override
    protected void build(Shape input) {
        super.build(input);
        if (tieWeights) return;
        Quantization q = quantization();
        Shape shape = Shape.of(outputDim(), inputDim());
        if (q == null) {
            reverse = addWeight("reverse_embeddings", shape, o -> o.initializer(embeddings.initializer()));
            return;
        }
        int block = q.blockSize();
        Shape scales = block == 0 ? Shape.of(inputDim()) : Shape.of(Math.ceilDiv(outputDim(), block), inputDim());
        DType zero = block == 0 ? null : dtypePolicy().variable();
        quantizedReverse = new QuantizedWeight(this, "reverse_embeddings", q, shape, 0, scales, zero);
    }

    @Override
    public boolean quantize(QuantizeOptions options) {
        NDArray before = reverse == null ? null : reverse.numpy();
        if (!super.quantize(options)) return false;
        reverse = null;
        if (before != null)
            Objects.requireNonNull(quantizedReverse).assign(before, Objects.requireNonNull(quantization()), false);
        return true;
    }

    @Override
    public Map<String, Variable> storedVariables() {
        if (quantizedReverse == null) return super.storedVariables();
        Map<String, Variable> stored = new LinkedHashMap<>(super.storedVariables());
        stored.put(Integer.toString(stored.size()), quantizedReverse.whole);
        stored.put(Integer.toString(stored.size()), quantizedReverse.scale);
        if (quantizedReverse.zero != null) stored.put(Integer.toString(stored.size()), quantizedReverse.zero);
        return stored;
    }

    @Override
    protected List<String> argumentNames() {
        return List.of("inputs", "reverse");
    }

    @Override
    protected Tensor call(Tensor x, Call call) {
        if (!Boolean.TRUE.equals(call.bool("reverse"))) {
            Tensor y = super.call(x, call);
            return maskZero() ? y.mask(K.notEqual(x, 0)) : y;
        }
        Tensor seen = K.cast(x, dtypePolicy().compute());
        Tensor logits = quantization() == null ? logits(seen) : quantizedLogits(seen, quantization());
        if (logitSoftCap == null) return logits;
        return K.multiply(K.tanh(K.divide(logits, logitSoftCap)), logitSoftCap);
    }

    private Tensor logits(Tensor x) {
        Tensor kernel = reverse == null ? K.transpose(vectors()) : reverse.value();
        if (reverseDtype == null) return K.matmul(x, kernel);
        return K.matmul(K.cast(x, reverseDtype), K.cast(kernel, reverseDtype));
    }

    private Tensor quantizedLogits(Tensor x, Quantization q) {
        QuantizedWeight weight = quantizedReverse == null ? Objects.requireNonNull(quantized()) : quantizedReverse;
        boolean turned = quantizedReverse == null;
        Tensor wholes = K.cast(
                turned ? K.transpose(weight.wholes()) : weight.wholes(),
                dtypePolicy().compute());
        Tensor scale =
                turned && weight.scale.shape().rank() == 2 ? K.transpose(weight.scale.value()) : weight.scale.value();
        Tensor seen = x;
        Tensor inputScale = K.ones(Shape.of(1), x.dtype());
        if (q.inputRange() > 0) {
            Quantization.Rounded rounded = q.roundWithoutGradient(x, new int[] {-1});
            seen = rounded.values();
            inputScale = rounded.scale();
        }
        Variable rows = blocks();
        if (rows == null) return K.divide(K.matmul(seen, wholes), K.multiply(inputScale, scale));
        Tensor zero = Objects.requireNonNull(weight.zero).value();
        Tensor matrix = QuantizedWeight.inBlocks(wholes, scale, turned ? K.transpose(zero) : zero, rows, 0);
        return K.divide(K.matmul(seen, matrix), inputScale);
    }

    @Override
    protected @Nullable Object computeMask(Object inputs, @Nullable Object mask) {
        return null;
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("tie_weights", tieWeights);
        config.put("reverse_dtype", reverseDtype == null ? null : reverseDtype.keras());
        config.put("logit_soft_cap", logitSoftCap);
        return config;
    }
}
