package org.keras4j.layers;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;
import org.keras4j.random.Random;
import org.keras4j.serialization.ConfigReader;

/** Fills a box of some images with a value or with noise (Zhong et al. 2017). */
public final class RandomErasing extends RandomImageLayer<RandomErasing> {
    private final double[] factor;
    private double[] scale = {0.02, 0.33};
    private @Nullable Object fillValue;

    public RandomErasing() {
        this(1);
    }

    /** Takes the probability: a number, or a least and a greatest one. */
    public RandomErasing(double... factor) {
        this.factor = bounds("RandomErasing", factor, 0, 1);
    }

    static RandomErasing fromConfig(ConfigReader config) {
        RandomErasing layer = new RandomErasing(factor(config, "factor", 1)).configureRandom(config);
        layer.scale = bounds("RandomErasing", factor(config, "scale", 0.02, 0.33), 0, 1);
        layer.fillValue = config.get("fill_value");
        return layer;
    }

    /** Sets the range of the box's part of the image. */
    public RandomErasing scale(double least, double greatest) {
        requireUnbuilt();
        scale = bounds("RandomErasing", new double[] {least, greatest}, 0, 1);
        return this;
    }

    /** Sets one value for all channels or one for each; noise if not set. */
    public RandomErasing fillValue(double... value) {
        requireUnbuilt();
        fillValue = value.length == 1 ? (Object) value[0] : list(value);
        return this;
    }

    @Override
    protected @Nullable Object drawTransformation(Shape images, boolean training) {
        if (!training) return null;
        Shape each = images.slice(0, 1);
        double[] unit = {0, 1};
        Tensor[] x = Boxes.piece(K.sqrt(uniform(each, scale)), images.dim(rowAxis() + 1), uniform(each, unit));
        Tensor[] y = Boxes.piece(K.sqrt(uniform(each, scale)), images.dim(rowAxis()), uniform(each, unit));
        return Map.of(
                "apply_erasing", chosen(images, factor),
                "batch_masks", Boxes.mask(images, rowAxis(), x[0], x[1], y[0], y[1]),
                "fill_value", clipped(filling(images)));
    }

    private Tensor filling(Shape images) {
        if (fillValue instanceof Number n) return K.full(images, n.doubleValue(), DType.FLOAT32);
        if (fillValue instanceof List<?> colors) {
            NDArray array = NDArray.zeros(DType.FLOAT32, Shape.of(colors.size()));
            for (int i = 0; i < colors.size(); i++) array.set(i, ((Number) colors.get(i)).doubleValue());
            Tensor color = Tensor.of(array);
            return K.broadcastTo(channelsFirst() ? K.reshape(color, -1, 1, 1) : color, images);
        }
        return K.multiply(Random.normal(images, 0, 1, DType.FLOAT32, draw()), valueRange[1]);
    }

    @Override
    public Tensor transformImages(Tensor images, @Nullable Object transformation, boolean training) {
        Tensor x = K.cast(images, dtypePolicy().compute());
        if (!training || transformation == null) return x;
        Tensor fill = K.cast(entry(transformation, "fill_value"), x.dtype());
        Tensor erased = K.where(entry(transformation, "batch_masks"), fill, x);
        return K.where(perImage(entry(transformation, "apply_erasing")), erased, x);
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("factor", list(factor));
        config.put("scale", list(scale));
        config.put("fill_value", fillValue);
        config.put("value_range", range());
        config.put("seed", seed());
        return config;
    }
}
