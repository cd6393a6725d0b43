package org.keras4j.layers;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Variable;
import org.keras4j.initializers.TruncatedNormal;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/**
 * Divides the kernel of a layer by an estimate of its greatest singular value in training (Miyato et al. 2018).
 */
public final class SpectralNormalization extends Wrapper<SpectralNormalization> {
    private final int powerIterations;
    private @Nullable Variable kernel;
    private @Nullable Variable vectorU;

    public SpectralNormalization(Layer layer) {
        this(layer, 1);
    }

    public SpectralNormalization(Layer layer, int powerIterations) {
        super(layer);
        if (powerIterations <= 0)
            throw new IllegalArgumentException(
                    "SpectralNormalization: power_iterations must be positive, got " + powerIterations);
        this.powerIterations = powerIterations;
    }

    static SpectralNormalization fromConfig(ConfigReader config) {
        return configure(new SpectralNormalization(inner(config), config.integer("power_iterations", 1)), config);
    }

    @Override
    protected void build(Shape input) {
        super.build(input);
        inputSpec(InputSpec.atLeast(1).with(-1, knownSize(input, -1)));
        for (Variable v : wrapped().ownWeights())
            if (v.name().equals("kernel") || v.name().equals("embeddings")) kernel = v;
        Variable weight = kernel;
        if (weight == null)
            throw new IllegalArgumentException(wrapped().describe() + " has no weight kernel or embeddings");
        shareWeight(weight);
        vectorU = addWeight(
                "vector_u",
                Shape.of(1, weight.shape().last()),
                o -> o.initializer(new TruncatedNormal(0, 0.02))
                        .trainable(false)
                        .dtype(weight.dtype()));
    }

    @Override
    protected List<String> argumentNames() {
        return List.of("inputs", "training");
    }

    @Override
    protected Tensor call(Tensor x, Call call) {
        if (call.training()) normalize();
        return K.cast(wrapped().apply(x), x.dtype());
    }

    /** Assigns kernel and vector after some power iterations; a kernel of zeros stays. */
    private void normalize() {
        Variable weight = Objects.requireNonNull(kernel, "built");
        Variable vector = Objects.requireNonNull(vectorU, "built");
        Tensor w = weight.value();
        Tensor matrix = K.reshape(w, -1, w.shape().last());
        Tensor u = vector.value();
        Tensor v = u;
        for (int i = 0; i < powerIterations; i++) {
            v = K.normalize(K.matmul(u, K.transpose(matrix)), null, 2);
            u = K.normalize(K.matmul(v, matrix), null, 2);
        }
        u = K.stopGradient(u);
        v = K.stopGradient(v);
        Tensor sigma = K.matmul(K.matmul(v, matrix), K.transpose(u));
        Tensor scaled = K.reshape(K.divide(matrix, sigma), w.shape());
        Tensor zero = K.all(K.equal(w, 0));
        vector.assign(K.cast(K.where(zero, vector.value(), u), vector.dtype()));
        weight.assign(K.cast(K.where(zero, w, scaled), weight.dtype()));
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("power_iterations", powerIterations);
        return config;
    }
}
