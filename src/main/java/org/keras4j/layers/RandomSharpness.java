package org.keras4j.layers;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/** Sharpens or smooths images at random. */
public final class RandomSharpness extends RandomImageLayer<RandomSharpness> {
    private final double[] factor;

    /** Takes how strong the change is: a number, or a least and a greatest one. */
    public RandomSharpness(double... factor) {
        this.factor = bounds("RandomSharpness", factor, 0, 1);
    }

    static RandomSharpness fromConfig(ConfigReader config) {
        return new RandomSharpness(factor(config, "factor", 0)).configureRandom(config);
    }

    @Override
    protected @Nullable Object drawTransformation(Shape images, boolean training) {
        if (!training) return null;
        return Map.of("factor", uniform(images.slice(0, 1), factor));
    }

    @Override
    public Tensor transformImages(Tensor images, @Nullable Object transformation, boolean training) {
        Tensor x = K.cast(images, dtypePolicy().compute());
        if (!training || transformation == null) return x;
        DType compute = x.dtype();
        Tensor last = channelsFirst() ? K.swapaxes(x, 1, 3) : x;
        Tensor amount = perImage(K.cast(K.multiply(entry(transformation, "factor"), 2.0), compute));
        int channels = last.shape().last();
        NDArray kernel = NDArray.full(compute, Shape.of(3, 3, channels, 1), 1 / 13.0);
        for (int i = 0; i < channels; i++) kernel.set(4 * channels + i, 5 / 13.0);
        Tensor smooth = K.depthwiseConv(last, Tensor.of(kernel), new int[] {1}, "same", "channels_last", new int[] {1});
        Tensor y = clipped(K.add(last, K.multiply(K.subtract(1.0, amount), K.subtract(smooth, last))));
        return channelsFirst() ? K.swapaxes(y, 1, 3) : y;
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
