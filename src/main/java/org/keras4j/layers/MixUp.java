package org.keras4j.layers;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;
import org.keras4j.random.Random;
import org.keras4j.serialization.ConfigReader;

/** Mixes each image, and its label, with another one (Zhang et al. 2018). */
public final class MixUp extends RandomImageLayer<MixUp> {
    private final double alpha;

    public MixUp() {
        this(0.2);
    }

    /** Takes the parameter of the beta distribution that weights are drawn from. */
    public MixUp(double alpha) {
        this.alpha = alpha;
    }

    static MixUp fromConfig(ConfigReader config) {
        return new MixUp(config.real("alpha", 0.2)).configureRandom(config);
    }

    @Override
    protected @Nullable Object drawTransformation(Shape images, boolean training) {
        if (!training) return null;
        int batch = images.dim(0);
        Tensor order = Random.shuffle(Primitives.iota(0, DType.INT32, Shape.of(batch)), 0, draw());
        Tensor a = K.full(Shape.of(batch), alpha, DType.FLOAT32);
        return Map.of(
                "mix_weight", Random.beta(Shape.of(batch), a, a, DType.FLOAT32, draw()), "permutation_order", order);
    }

    @Override
    public Tensor transformImages(Tensor images, @Nullable Object transformation, boolean training) {
        if (!training || transformation == null) return images;
        Tensor x = K.cast(images, dtypePolicy().compute());
        Tensor weight = perImage(K.cast(entry(transformation, "mix_weight"), x.dtype()));
        Tensor others = K.take(x, entry(transformation, "permutation_order"), 0);
        return K.add(K.multiply(weight, x), K.multiply(K.subtract(1.0, weight), others));
    }

    @Override
    protected Tensor transformLabels(Tensor labels, @Nullable Object transformation, boolean training) {
        if (!training || transformation == null) return labels;
        Tensor weight = K.reshape(entry(transformation, "mix_weight"), -1, 1);
        Tensor others = K.take(labels, entry(transformation, "permutation_order"), 0);
        return K.add(K.multiply(weight, labels), K.multiply(K.subtract(1.0, weight), others));
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("alpha", alpha);
        config.put("seed", seed());
        return config;
    }
}
