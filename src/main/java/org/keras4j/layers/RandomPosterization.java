package org.keras4j.layers;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.op.Binary;
import org.keras4j.ops.K;
import org.keras4j.random.Random;
import org.keras4j.serialization.ConfigReader;

/** Keeps only some of the upper bits of pixels. */
public final class RandomPosterization extends RandomImageLayer<RandomPosterization> {
    private final double[] factor;

    /** Takes how strong the change is: a number, or a least and a greatest one. */
    public RandomPosterization(double... factor) {
        this.factor = bounds("RandomPosterization", factor, 1, 8);
    }

    static RandomPosterization fromConfig(ConfigReader config) {
        return new RandomPosterization(factor(config, "factor", 0)).configureRandom(config);
    }

    @Override
    protected @Nullable Object drawTransformation(Shape images, boolean training) {
        if (!training) return null;
        Shape each = images.slice(0, 1);
        int low = (int) factor[0];
        int high = (int) factor[1];
        Tensor bits =
                low == high ? K.full(each, low, DType.INT32) : Random.randint(each, low, high, DType.INT32, draw());
        return Map.of("shift_factor", K.subtract(8, bits));
    }

    @Override
    public Tensor transformImages(Tensor images, @Nullable Object transformation, boolean training) {
        if (!training || transformation == null) return images;
        double[] bytes = {0, 255};
        Tensor x = rescaled(K.cast(images, dtypePolicy().compute()), valueRange, bytes);
        Tensor whole = K.cast(K.cast(x, DType.UINT8), DType.INT32);
        Tensor shift = K.broadcastTo(perImage(K.cast(entry(transformation, "shift_factor"), DType.INT32)), x.shape());
        Tensor coarse = Primitives.binary(Binary.SHIFT_RIGHT, whole, shift);
        coarse = Primitives.binary(Binary.SHIFT_LEFT, coarse, shift);
        return rescaled(K.cast(coarse, dtypePolicy().compute()), bytes, valueRange);
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("factor", list(factor));
        config.put("value_range", range());
        config.put("seed", seed());
        return config;
    }
}
