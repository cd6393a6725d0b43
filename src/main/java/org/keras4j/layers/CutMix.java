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

/** Replaces a box of each image, and a part of its label, by that of another one (Yun et al. 2019). */
public final class CutMix extends RandomImageLayer<CutMix> {
    private final double[] factor;

    public CutMix() {
        this(1);
    }

    /** Takes the parameter of the beta distribution that sizes are drawn from: a number, or a least and a greatest. */
    public CutMix(double... factor) {
        this.factor = bounds("CutMix", factor, 0, 1);
    }

    static CutMix fromConfig(ConfigReader config) {
        return new CutMix(factor(config, "factor", 1)).configureRandom(config);
    }

    @Override
    protected @Nullable Object drawTransformation(Shape images, boolean training) {
        if (!training) return null;
        Shape each = images.slice(0, 1);
        Tensor alpha = K.broadcastTo(K.add(uniform(Shape.of(1), factor), 1e-6), each);
        Tensor part = K.sqrt(K.subtract(1.0, Random.beta(each, alpha, alpha, DType.FLOAT32, draw())));
        double[] unit = {0, 1};
        int columns = images.dim(rowAxis() + 1);
        int rows = images.dim(rowAxis());
        Tensor[] x = Boxes.piece(part, columns, uniform(each, unit));
        Tensor[] y = Boxes.piece(part, rows, uniform(each, unit));
        Tensor area = K.multiply(K.subtract(x[1], x[0]), K.subtract(y[1], y[0]));
        Tensor weight = perImage(K.subtract(1.0, K.divide(area, (double) rows * columns)));
        Tensor order = Random.shuffle(Primitives.iota(0, DType.INT32, each), 0, draw());
        return Map.of(
                "permutation_order", order,
                "batch_masks", Boxes.mask(images, rowAxis(), x[0], x[1], y[0], y[1]),
                "mix_weight", weight);
    }

    @Override
    public Tensor transformImages(Tensor images, @Nullable Object transformation, boolean training) {
        Tensor x = K.cast(images, dtypePolicy().compute());
        if (!training || transformation == null) return x;
        Tensor others = K.take(x, entry(transformation, "permutation_order"), 0);
        return K.where(entry(transformation, "batch_masks"), others, x);
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
        config.put("factor", list(factor));
        config.put("seed", seed());
        return config;
    }
}
