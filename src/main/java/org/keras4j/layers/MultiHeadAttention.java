package org.keras4j.layers;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.op.Op;
import org.keras4j.serialization.ConfigReader;

/**
 * Attends with several heads (Vaswani et al. 2017): query {@code (batch, queries, size)}, value and key {@code (batch,
 * keys, size)}; output {@code (batch, queries, size)}, and with {@code return_attention_scores} the weights {@code
 * (batch, heads, queries, keys)}.
 */
public final class MultiHeadAttention extends HeadAttention<MultiHeadAttention> {
    private final int numHeads;
    private final int keyDim;
    private int valueDim;
    private @Nullable Shape outputShape;
    private int @Nullable [] attentionAxes;
    private @Nullable HeadProjection queryDense;
    private @Nullable HeadProjection keyDense;
    private @Nullable HeadProjection valueDense;
    private @Nullable HeadProjection gateDense;
    private @Nullable HeadProjection outputDense;
    private @Nullable AttentionMath math;

    public MultiHeadAttention(int numHeads, int keyDim) {
        if (numHeads <= 0)
            throw new IllegalArgumentException("MultiHeadAttention: num_heads must be positive, got " + numHeads);
        if (keyDim <= 0)
            throw new IllegalArgumentException("MultiHeadAttention: key_dim must be positive, got " + keyDim);
        this.numHeads = numHeads;
        this.keyDim = keyDim;
        this.valueDim = keyDim;
    }

    static MultiHeadAttention fromConfig(ConfigReader config) {
        var layer = new MultiHeadAttention(config.integer("num_heads"), config.integer("key_dim"));
        layer.readOptions(config);
        Integer valueDim = config.nullableInteger("value_dim");
        if (valueDim != null) layer.valueDim(valueDim);
        layer.outputShape(config.nullableInts("output_shape"));
        layer.attentionAxes(config.nullableInts("attention_axes"));
        return configure(layer, config);
    }

    /** Sets the size of each head's value; the key's if not set. */
    public MultiHeadAttention valueDim(int valueDim) {
        requireUnbuilt();
        if (valueDim <= 0)
            throw new IllegalArgumentException("MultiHeadAttention: value_dim must be positive, got " + valueDim);
        this.valueDim = valueDim;
        return this;
    }

    /** Sets the last axes of the output; the query's last axis if not set. */
    public MultiHeadAttention outputShape(int @Nullable ... outputShape) {
        requireUnbuilt();
        this.outputShape = outputShape == null || outputShape.length == 0 ? null : Shape.of(outputShape);
        return this;
    }

    /** Sets the axes that are attended over; all but the first and the last if not set. */
    public MultiHeadAttention attentionAxes(int @Nullable ... attentionAxes) {
        requireUnbuilt();
        this.attentionAxes = attentionAxes == null ? null : attentionAxes.clone();
        return this;
    }

    public int numHeads() {
        return numHeads;
    }

    public int keyDim() {
        return keyDim;
    }

    @Override
    void buildProjections(Shape query, Shape value, Shape key) {
        HeadProjection.Options options = projectionOptions();
        Shape heads = Shape.of(numHeads, keyDim);
        Shape valueHeads = Shape.of(numHeads, valueDim);
        queryDense = built("query_dense", new HeadProjection("query", 1, heads, options), query);
        keyDense = built("key_dense", new HeadProjection("key", 1, heads, options), key);
        if (hasGate())
            gateDense = built(
                    "_gate_dense", new HeadProjection("gate", 1, valueHeads, options).activation("sigmoid"), query);
        valueDense = built("value_dense", new HeadProjection("value", 1, valueHeads, options), value);
        Shape last = outputShape == null ? Shape.of(query.last()) : outputShape;
        Shape inner = query.slice(0, query.rank() - 1).concat(valueHeads);
        outputDense = built("output_dense", new HeadProjection("attention_output", 2, last, options), inner);
        int rank = value.rank() + 1;
        if (attentionAxes == null) attentionAxes = IntStream.range(1, rank - 2).toArray();
        for (int i = 0; i < attentionAxes.length; i++) if (attentionAxes[i] < 0) attentionAxes[i] += rank - 1;
        math = new AttentionMath(rank, attentionAxes);
        remember(query, value, key.equals(value) ? null : key);
    }

    @Override
    protected Object callAll(Object inputs, Call call) {
        Tensor query = required(call, 0, "query");
        Tensor value = required(call, 1, "value");
        Tensor key = call.get(2, "key") == null ? value : required(call, 2, "key");
        if (math == null || queryDense == null || keyDense == null || valueDense == null || outputDense == null)
            throw new IllegalStateException(describe() + " is not built");
        Tensor queryMask = query.mask();
        Tensor mask = mergedMask(call, query, value, queryMask);
        boolean scores = isTrue(call, 7, "return_attention_scores");
        Attended attended = attend(
                math,
                query.rank() == 3 && Arrays.equals(attentionAxes, new int[] {1}),
                queryDense.apply(plain(query)),
                keyDense.apply(plain(key)),
                valueDense.apply(plain(value)),
                mask,
                scores,
                call);
        Tensor heads = attended.output();
        if (gateDense != null) heads = Primitives.mul(heads, gateDense.apply(plain(query)));
        return outputs(outputDense.apply(heads), scores ? attended.weights() : null, queryMask);
    }

    /** Returns the tensor without its mask, which the projections have no use for. */
    private static Tensor plain(Tensor x) {
        return x.mask() == null ? x : Tensor.of(new Op.Reshape(x.shape()), x);
    }

    @Override
    protected @Nullable Object computeMask(Object inputs, @Nullable Object mask) {
        return null;
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("num_heads", numHeads);
        config.put("key_dim", keyDim);
        config.put("value_dim", valueDim);
        config.put("dropout", dropoutRate());
        config.put("use_bias", hasBias());
        config.put("use_gate", hasGate());
        config.put("output_shape", outputShape);
        config.put("attention_axes", ConfigValues.nullableList(attentionAxes));
        config.put("sliding_window", window());
        putParameters(config);
        return config;
    }

    /** Returns the projections of query, key, value and output; empty before the layer is built. */
    public List<Layer> projections() {
        return queryDense == null || keyDense == null || valueDense == null || outputDense == null
                ? List.of()
                : List.of(queryDense, keyDense, valueDense, outputDense);
    }
}
