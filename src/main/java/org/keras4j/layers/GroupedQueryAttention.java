package org.keras4j.layers;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.serialization.ConfigReader;

/**
 * Attends with groups of query heads that share a key and value head (Ainslie et al. 2023): query {@code (batch,
 * queries, size)}, value and key {@code (batch, keys, size)}; output {@code (batch, queries, size)}.
 */
public final class GroupedQueryAttention extends HeadAttention<GroupedQueryAttention> {
    private static final AttentionMath MATH = new AttentionMath(4, new int[] {1});

    private final int headDim;
    private final int numQueryHeads;
    private final int numKeyValueHeads;
    private @Nullable HeadProjection queryDense;
    private @Nullable HeadProjection keyDense;
    private @Nullable HeadProjection valueDense;
    private @Nullable HeadProjection gateDense;
    private @Nullable HeadProjection outputDense;

    public GroupedQueryAttention(int headDim, int numQueryHeads, int numKeyValueHeads) {
        if (headDim <= 0 || numQueryHeads <= 0 || numKeyValueHeads <= 0 || numQueryHeads % numKeyValueHeads != 0)
            throw new IllegalArgumentException("GroupedQueryAttention: num_query_heads must be a multiple of "
                    + "num_key_value_heads and all positive, got head_dim " + headDim + ", " + numQueryHeads + " and "
                    + numKeyValueHeads + " heads");
        this.headDim = headDim;
        this.numQueryHeads = numQueryHeads;
        this.numKeyValueHeads = numKeyValueHeads;
    }

    static GroupedQueryAttention fromConfig(ConfigReader config) {
        var layer = new GroupedQueryAttention(
                config.integer("head_dim"), config.integer("num_query_heads"), config.integer("num_key_value_heads"));
        layer.readOptions(config);
        return configure(layer, config);
    }

    /** Returns the name that Keras exports the class under, and writes to files. */
    @Override
    public String className() {
        return "GroupQueryAttention";
    }

    @Override
    public String baseName() {
        return "grouped_query_attention";
    }

    @Override
    void buildProjections(Shape query, Shape value, Shape key) {
        HeadProjection.Options options = projectionOptions();
        Shape queryHeads = Shape.of(numQueryHeads, headDim);
        Shape heads = Shape.of(numKeyValueHeads, headDim);
        queryDense = built("_query_dense", new HeadProjection("query", 1, queryHeads, options), query);
        keyDense = built("_key_dense", new HeadProjection("key", 1, heads, options), key);
        if (hasGate())
            gateDense = built(
                    "_gate_dense", new HeadProjection("gate", 1, queryHeads, options).activation("sigmoid"), query);
        valueDense = built("_value_dense", new HeadProjection("value", 1, heads, options), value);
        Shape inner = query.slice(0, query.rank() - 1).concat(queryHeads);
        outputDense = built(
                "_output_dense", new HeadProjection("attention_output", 2, Shape.of(query.last()), options), inner);
        remember(query, value, key.equals(value) ? null : key);
    }

    @Override
    protected Object callAll(Object inputs, Call call) {
        Tensor query = required(call, 0, "query");
        Tensor value = required(call, 1, "value");
        Tensor key = call.get(2, "key") == null ? value : required(call, 2, "key");
        if (query.rank() != 3) throw refuse("expected a query (batch, queries, size)", query.shape());
        if (queryDense == null || keyDense == null || valueDense == null || outputDense == null)
            throw new IllegalStateException(describe() + " is not built");
        Tensor queryMask = given(call, 3, "query_mask", query);
        Tensor mask = mergedMask(call, query, value, queryMask);
        boolean scores = isTrue(call, 7, "return_attention_scores");
        Attended attended = attend(
                MATH, true, queryDense.apply(query), keyDense.apply(key), valueDense.apply(value), mask, scores, call);
        Tensor heads = attended.output();
        if (gateDense != null) heads = Primitives.mul(heads, gateDense.apply(query));
        return outputs(outputDense.apply(heads), scores ? attended.weights() : null, query.mask());
    }

    @Override
    protected @Nullable Object computeMask(Object inputs, @Nullable Object mask) {
        return null;
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("head_dim", headDim);
        config.put("num_query_heads", numQueryHeads);
        config.put("num_key_value_heads", numKeyValueHeads);
        config.put("use_bias", hasBias());
        config.put("use_gate", hasGate());
        config.put("sliding_window", window());
        config.put("dropout", dropoutRate());
        putParameters(config);
        return config;
    }
}
