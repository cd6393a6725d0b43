package org.keras4j.layers;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Variable;
import org.keras4j.ops.K;
import org.keras4j.random.Random;
import org.keras4j.random.SeedGenerator;
import org.keras4j.serialization.ConfigReader;

/**
 * What Attention and AdditiveAttention have in common. Input is a list of query {@code (batch, queries, size)}, value
 * {@code (batch, keys, size)} and perhaps key; the mask a list of the query's and the value's.
 */
abstract class BaseAttention<L extends BaseAttention<L>> extends BaseLayer<L> {
    private boolean useScale;
    private double dropout;
    private @Nullable Integer seed;
    private @Nullable SeedGenerator seeds;

    @Nullable
    Variable scale;

    BaseAttention(boolean useScale) {
        this.useScale = useScale;
        supportsMasking(true);
    }

    /** Says whether the scores are scaled by a trained weight. */
    public L useScale(boolean useScale) {
        requireUnbuilt();
        this.useScale = useScale;
        return self();
    }

    /** Sets the part of the attention weights that is dropped in training. */
    public L dropout(double rate) {
        requireUnbuilt();
        dropout = rate;
        return self();
    }

    /** Sets the seed of the dropout. */
    public L seed(@Nullable Integer seed) {
        this.seed = seed;
        return self();
    }

    final boolean isScaled() {
        return useScale;
    }

    final void readOptions(ConfigReader config, boolean scaled) {
        useScale(config.bool("use_scale", scaled));
        dropout(config.real("dropout", 0));
        seed(config.nullableInteger("seed"));
    }

    final void putOptions(Map<String, Object> config, @Nullable String scoreMode) {
        config.put("use_scale", useScale);
        if (scoreMode != null) config.put("score_mode", scoreMode);
        config.put("dropout", dropout);
        config.put("seed", seed);
    }

    /** Adds the weights; {@code query} is the query's shape. */
    abstract void buildWeights(Shape query);

    /** Returns the scores {@code (batch, queries, keys)}. */
    abstract Tensor scores(Tensor query, Tensor key);

    /** Returns the output without the scores if that is possible, or null. */
    abstract @Nullable Tensor fused(Tensor query, Tensor key, Tensor value, boolean causal);

    @Override
    protected List<String> argumentNames() {
        return List.of("inputs", "mask", "training", "return_attention_scores", "use_causal_mask");
    }

    @Override
    protected void buildAll(Object inputs) {
        if (!(inputs instanceof List<?> list)
                || list.size() < 2
                || list.size() > 3
                || !(list.getFirst() instanceof Shape query))
            throw refuse("expected [query, value] or [query, value, key]", inputs);
        buildWeights(query);
        if (dropout > 0) seeds = addSeedGenerator(seed);
    }

    @Override
    protected Object callAll(Object inputs, Call call) {
        List<Tensor> tensors = new ArrayList<>();
        if (inputs instanceof List<?> list) for (Object o : list) if (o instanceof Tensor t) tensors.add(t);
        if (tensors.size() < 2 || tensors.size() > 3)
            throw refuse("expected [query, value] or [query, value, key]", inputs);
        Tensor value = tensors.get(1);
        Tensor query = tensors.get(0);
        Tensor key = tensors.size() > 2 ? tensors.get(2) : value;
        Tensor queryMask = mask(call, 0);
        Tensor valueMask = mask(call, 1);
        boolean causal = call.get(4, "use_causal_mask") == Boolean.TRUE;
        boolean withScores = call.get(3, "return_attention_scores") == Boolean.TRUE;
        boolean drops = seeds != null && call.training();
        // The values' mask may leave a row nothing, and such a row gets what is left of its scores beside 1e9.
        Tensor fused = withScores || drops || valueMask != null ? null : fused(query, key, value, causal);
        if (fused != null) return hidden(fused, queryMask);
        Tensor scores = scores(query, key);
        Tensor keep = keptScores(scores, valueMask, causal);
        Tensor seen = scores;
        if (keep != null)
            seen = K.where(keep, scores, K.subtract(scores, scores.dtype() == DType.FLOAT16 ? 65504.0 : 1e9));
        Tensor weights = K.softmax(seen, -1);
        if (seeds != null && drops) weights = Random.dropout(weights, dropout, null, seeds.next());
        Tensor output = hidden(K.matmul(weights, value), queryMask);
        return withScores ? List.of(output, weights) : output;
    }

    private static Tensor hidden(Tensor output, @Nullable Tensor queryMask) {
        return queryMask == null ? output : K.where(K.expandDims(queryMask, -1), output, 0.0);
    }

    private @Nullable Tensor keptScores(Tensor scores, @Nullable Tensor valueMask, boolean causal) {
        Tensor keep = valueMask == null ? null : K.expandDims(valueMask, -2);
        if (!causal) return keep;
        Tensor earlier =
                AttentionMath.causal(scores.shape().dim(-2), scores.shape().last());
        return keep == null ? earlier : K.logicalAnd(keep, earlier);
    }

    private @Nullable Tensor mask(Call call, int index) {
        Object masks = call.mask();
        if (masks == null) return null;
        if (!(masks instanceof List<?> list) || list.size() < 2 || list.size() > 3)
            throw refuse("expected the mask [query_mask, value_mask]", masks);
        return list.get(index) instanceof Tensor t ? K.cast(t, DType.BOOL) : null;
    }

    @Override
    protected @Nullable Object computeMask(Object inputs, @Nullable Object mask) {
        return mask instanceof List<?> list ? list.getFirst() : null;
    }
}
