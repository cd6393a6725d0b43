package org.keras4j.layers;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.op.Fusion;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/**
 * What MultiHeadAttention and GroupedQueryAttention have in common. Arguments of a call: {@code query}, {@code value},
 * {@code key} (the value if not given), {@code query_mask}, {@code value_mask}, {@code key_mask},
 * {@code attention_mask}, {@code return_attention_scores}, {@code training}, {@code use_causal_mask}.
 */
abstract class HeadAttention<L extends HeadAttention<L>> extends BaseLayer<L> {
    private static final List<String> ARGUMENTS = List.of(
            "query",
            "value",
            "key",
            "query_mask",
            "value_mask",
            "key_mask",
            "attention_mask",
            "return_attention_scores",
            "training",
            "use_causal_mask");

    final Parameter kernel = new Parameter("kernel", "glorot_uniform");
    final Parameter bias = new Parameter("bias", "zeros");
    private double dropout;
    private boolean useBias = true;
    private boolean useGate;
    private @Nullable Integer slidingWindow;
    private @Nullable Integer seed;
    private @Nullable Dropout dropoutLayer;

    HeadAttention() {
        supportsMasking(true);
    }

    /** Sets the part of the attention weights that is dropped in training. */
    public L dropout(double rate) {
        requireUnbuilt();
        dropout = rate;
        return self();
    }

    public L useBias(boolean useBias) {
        requireUnbuilt();
        this.useBias = useBias;
        return self();
    }

    /** Says whether the heads' results are multiplied by a sigmoid gate of the query. */
    public L useGate(boolean useGate) {
        requireUnbuilt();
        this.useGate = useGate;
        return self();
    }

    /** Lets each query see only keys less than {@code size} steps away; null for all. */
    public L slidingWindow(@Nullable Integer size) {
        if (size != null && size <= 0)
            throw new IllegalArgumentException(className() + ": sliding_window must be positive, got " + size);
        slidingWindow = size;
        return self();
    }

    /** Is taken for Keras's sake; the backend chooses how attention is computed. */
    public L flashAttention(@Nullable Boolean flashAttention) {
        return self();
    }

    public L kernelInitializer(@Nullable Object initializer) {
        kernel.initializer(initializer);
        return self();
    }

    public L biasInitializer(@Nullable Object initializer) {
        bias.initializer(initializer);
        return self();
    }

    public L kernelRegularizer(@Nullable Object regularizer) {
        kernel.regularizer(regularizer);
        return self();
    }

    public L biasRegularizer(@Nullable Object regularizer) {
        bias.regularizer(regularizer);
        return self();
    }

    public L kernelConstraint(@Nullable Object constraint) {
        kernel.constraint(constraint);
        return self();
    }

    public L biasConstraint(@Nullable Object constraint) {
        bias.constraint(constraint);
        return self();
    }

    /** Sets the seed of the dropout. */
    public L seed(@Nullable Integer seed) {
        this.seed = seed;
        return self();
    }

    final boolean hasGate() {
        return useGate;
    }

    final HeadProjection.Options projectionOptions() {
        return new HeadProjection.Options(kernel, bias, useBias, dtypePolicy(), activityRegularizer());
    }

    final void readOptions(ConfigReader config) {
        dropout(config.real("dropout", 0));
        useBias(config.bool("use_bias", true));
        useGate(config.bool("use_gate", false));
        slidingWindow(config.nullableInteger("sliding_window"));
        kernel.read(config);
        bias.read(config);
        seed(config.nullableInteger("seed"));
    }

    final void putParameters(Map<String, Object> config) {
        Parameter.putInitializers(config, kernel, bias);
        Parameter.putRegularizers(config, kernel, bias);
        config.put("activity_regularizer", activityRegularizer());
        Parameter.putConstraints(config, kernel, bias);
        config.put("seed", seed);
    }

    final double dropoutRate() {
        return dropout;
    }

    final boolean hasBias() {
        return useBias;
    }

    final @Nullable Integer window() {
        return slidingWindow;
    }

    // ---- building ---------------------------------------------------------------------------------------------------

    /** Makes and builds the projections. */
    abstract void buildProjections(Shape query, Shape value, Shape key);

    @Override
    protected void buildForCall(Call shapes) {
        Shape query = shape(shapes, 0, "query");
        Shape value = shape(shapes, 1, "value");
        Shape key = shapes.get(2, "key") == null ? value : shape(shapes, 2, "key");
        if (!value.slice(1, -1).equals(key.slice(1, -1)))
            throw refuse("expected value and key to differ in the last axis only", List.of(value, key));
        buildProjections(query, value, key);
        track("_softmax", new Softmax().dtype(dtypePolicy()));
        dropoutLayer = new Dropout(dropout).seed(seed).dtype(dtypePolicy());
        track("_dropout_layer", dropoutLayer);
    }

    private Shape shape(Call shapes, int position, String keyword) {
        if (shapes.get(position, keyword) instanceof Shape s) return s;
        throw refuse("expected a " + keyword, shapes.get(position, keyword));
    }

    final HeadProjection built(String attribute, HeadProjection projection, Shape input) {
        track(attribute, projection);
        projection.buildFrom(input);
        return projection;
    }

    @Override
    protected List<String> argumentNames() {
        return ARGUMENTS;
    }

    @Override
    protected Call arrange(List<?> inputs) {
        return Call.of(inputs.toArray());
    }

    // ---- calling ----------------------------------------------------------------------------------------------------

    final Tensor required(Call call, int position, String keyword) {
        Tensor t = call.tensor(position, keyword);
        if (t == null) throw refuse("expected a " + keyword, null);
        return t;
    }

    /** Merges all masks but the causal one to one that broadcasts to {@code (batch, queries, keys)}, or null. */
    final @Nullable Tensor mergedMask(Call call, Tensor query, Tensor value, @Nullable Tensor queryMask) {
        Tensor key = call.tensor(2, "key");
        List<Tensor> masks = new ArrayList<>();
        if (queryMask != null) masks.add(K.expandDims(K.cast(queryMask, DType.BOOL), -1));
        Tensor valueMask = given(call, 4, "value_mask", value);
        if (valueMask != null) masks.add(K.expandDims(K.cast(valueMask, DType.BOOL), -2));
        Tensor keyMask = given(call, 5, "key_mask", key);
        if (keyMask != null) masks.add(K.expandDims(K.cast(keyMask, DType.BOOL), -2));
        int queries = query.shape().dim(1);
        int keys = value.shape().dim(1);
        if (slidingWindow != null) masks.add(AttentionMath.window(queries, keys, slidingWindow));
        Tensor attentionMask = call.tensor(6, "attention_mask");
        if (attentionMask != null) masks.add(K.cast(attentionMask, DType.BOOL));
        Tensor merged = null;
        for (Tensor mask : masks) merged = merged == null ? mask : K.logicalAnd(merged, mask);
        return merged;
    }

    static @Nullable Tensor given(Call call, int position, String keyword, @Nullable Tensor carrier) {
        Tensor mask = call.tensor(position, keyword);
        return mask != null || carrier == null ? mask : carrier.mask();
    }

    final boolean isTrue(Call call, int position, String keyword) {
        return call.get(position, keyword) == Boolean.TRUE;
    }

    /** What attention gives: the heads' results, and the weights before dropout if they were asked for. */
    record Attended(Tensor output, @Nullable Tensor weights) {}

    /**
     * Attends with projected tensors {@code (batch..., heads, size)}; key and value may have fewer heads, each of them
     * for several of the query. {@code alone} says that the attended axis is the second one and no other.
     */
    final Attended attend(
            AttentionMath math,
            boolean alone,
            Tensor query,
            Tensor key,
            Tensor value,
            @Nullable Tensor mask,
            boolean withScores,
            Call call) {
        // Where Keras makes the scores itself, what sees nothing gets zeros, elsewhere the mean of all.
        boolean explicit = dropout > 0 || withScores || query.rank() != 4;
        boolean causal = isTrue(call, 9, "use_causal_mask");
        boolean drops = dropout > 0 && call.training();
        if (alone && !withScores && !drops && key.shape().dim(1) > 0)
            return new Attended(fused(query, key, value, mask, causal, explicit), null);
        int repeats = query.shape().dim(-2) / Math.max(1, key.shape().dim(-2));
        Tensor k = repeats == 1 ? key : K.repeat(key, repeats, key.rank() - 2);
        Tensor v = repeats == 1 ? value : K.repeat(value, repeats, value.rank() - 2);
        Tensor keep =
                causal ? withCausal(mask, query.shape().dim(1), key.shape().dim(1)) : mask;
        Tensor scaled = Primitives.scale(query, 1 / Math.sqrt(query.shape().last()));
        Tensor weights = math.softmax(math.scores(scaled, k), keep, explicit);
        Tensor kept = weights;
        if (drops && dropoutLayer != null)
            kept = (Tensor) dropoutLayer.applyTo(Call.of(weights).with("training", true));
        // In Keras the weights come from a Softmax layer, which marks them with the mask that it got.
        if (explicit && keep != null) weights.mask(math.spread(keep, weights));
        return new Attended(math.combine(kept, v), weights);
    }

    private static Tensor withCausal(@Nullable Tensor mask, int queries, int keys) {
        Tensor causal = AttentionMath.causal(queries, keys);
        return mask == null ? causal : K.logicalAnd(mask, causal);
    }

    private static Tensor fused(
            Tensor query, Tensor key, Tensor value, @Nullable Tensor mask, boolean causal, boolean zeroEmpty) {
        var fusion = new Fusion.Attention(1 / Math.sqrt(query.shape().last()), causal, mask != null, zeroEmpty);
        if (mask == null) return Primitives.item(Primitives.fused(fusion, query, key, value), 0);
        Shape shape = mask.shape();
        if (shape.rank() == 3) shape = shape.insert(1, 1); // for all heads
        while (shape.rank() < 4) shape = shape.insert(0, 1);
        return Primitives.item(Primitives.fused(fusion, query, key, value, Primitives.reshape(mask, shape)), 0);
    }

    /** Gives the output the query's mask. */
    static Object outputs(Tensor output, @Nullable Tensor weights, @Nullable Tensor queryMask) {
        if (queryMask != null) output.mask(queryMask);
        return weights == null ? output : List.of(output, weights);
    }

    /** Writes the shapes of the arguments by name, as Keras does for layers of several inputs. */
    @Override
    public @Nullable Map<String, Object> getBuildConfig() {
        if (buildCall == null) return null;
        return Map.of("shapes_dict", buildCall);
    }

    private @Nullable Map<String, Object> buildCall;

    final void remember(Shape query, Shape value, @Nullable Shape key) {
        Map<String, Object> shapes = new LinkedHashMap<>();
        shapes.put("query_shape", query);
        shapes.put("value_shape", value);
        if (key != null) shapes.put("key_shape", key);
        buildCall = shapes;
    }
}
