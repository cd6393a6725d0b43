package org.keras4j.layers;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Variable;
import org.keras4j.initializers.Ones;
import org.keras4j.op.Fusion;
import org.keras4j.op.Spec;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/** Dot-product attention (Luong et al. 2015): {@code softmax(query key^T) value}. */
public final class Attention extends BaseAttention<Attention> {
    private String scoreMode = "dot";
    private @Nullable Variable concatScoreWeight;

    public Attention() {
        super(false);
    }

    static Attention fromConfig(ConfigReader config) {
        var layer = new Attention();
        layer.readOptions(config, false);
        return configure(layer.scoreMode(config.string("score_mode", "dot")), config);
    }

    /** Sets how scores are made: "dot", or "concat" for the sum of tanh(query + key). */
    public Attention scoreMode(String scoreMode) {
        requireUnbuilt();
        if (!scoreMode.equals("dot") && !scoreMode.equals("concat"))
            throw new IllegalArgumentException(
                    "Attention: score_mode must be \"dot\" or \"concat\", got \"" + scoreMode + "\"");
        this.scoreMode = scoreMode;
        return this;
    }

    @Override
    void buildWeights(Shape query) {
        if (isScaled()) scale = addWeight("scale", Shape.SCALAR, o -> o.initializer(new Ones()));
        if (scoreMode.equals("concat"))
            concatScoreWeight = addWeight("concat_score_weight", Shape.SCALAR, o -> o.initializer(new Ones()));
    }

    @Override
    @Nullable
    Tensor fused(Tensor query, Tensor key, Tensor value, boolean causal) {
        if (concatScoreWeight != null || scale != null || !isOneHead(query, key, value)) return null;
        var fusion = new Fusion.Attention(1, causal, false, false);
        Tensor both = Primitives.fused(fusion, oneHead(query), oneHead(key), oneHead(value));
        return Primitives.reshape(
                Primitives.item(both, 0), query.shape().with(2, value.shape().last()));
    }

    /** Half precision goes the way of the scores, whose range is too small for some of them. */
    private static boolean isOneHead(Tensor query, Tensor key, Tensor value) {
        return (query.dtype() == DType.FLOAT32 || query.dtype() == DType.FLOAT64)
                && query.rank() == 3
                && key.spec()
                        .equals(new Spec(
                                query.dtype(),
                                value.shape().with(2, query.shape().last())))
                && value.dtype() == query.dtype()
                && key.shape().dim(0) == query.shape().dim(0)
                && key.shape().dim(1) > 0;
    }

    private static Tensor oneHead(Tensor x) {
        return Primitives.reshape(x, x.shape().insert(2, 1));
    }

    @Override
    Tensor scores(Tensor query, Tensor key) {
        if (concatScoreWeight == null) {
            Tensor scores = query.rank() == 3 && key.rank() == 3
                    ? Primitives.dot(query, false, key, true)
                    : K.matmul(query, K.swapaxes(key, -2, -1));
            return scale == null ? scores : K.multiply(scores, scale.value());
        }
        Tensor sum = K.add(K.expandDims(query, -2), K.expandDims(key, -3));
        if (scale != null) sum = K.multiply(scale.value(), sum);
        return K.multiply(concatScoreWeight.value(), K.sum(K.tanh(sum), -1));
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        putOptions(config, scoreMode);
        return config;
    }
}
