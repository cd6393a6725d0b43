package org.keras4j.layers;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/** Blurs some images. */
public final class RandomGaussianBlur extends RandomImageLayer<RandomGaussianBlur> {
    private final double[] factor;

    public RandomGaussianBlur() {
        this(1);
    }

    /** Takes how strong the change is: a number, or a least and a greatest one. */
    public RandomGaussianBlur(double... factor) {
        this.factor = bounds("RandomGaussianBlur", factor, 0, 1);
    }

    static RandomGaussianBlur fromConfig(ConfigReader config) {
        return new RandomGaussianBlur(factor(config, "factor", 1))
                .configureRandom(config)
                .kernelSize(config.has("kernel_size") ? config.ints("kernel_size") : new int[] {3})
                .sigma(factor(config, "sigma", 1));
    }

    private int[] kernelSize = {3, 3};
    private double[] sigma = {0, 1};

    /** Sets the odd size of the blur: one number, or one for rows and one for columns; 3 if not set. */
    public RandomGaussianBlur kernelSize(int... size) {
        requireUnbuilt();
        kernelSize = ConfigValues.spread(this, "kernel_size", size, 2, 1);
        if (kernelSize[0] % 2 == 0 || kernelSize[1] % 2 == 0)
            throw new IllegalArgumentException(
                    "RandomGaussianBlur: kernel_size must be odd, got " + ConfigValues.list(kernelSize));
        return this;
    }

    /** Sets the range of the blur's standard deviation; up to 1 if not set. */
    public RandomGaussianBlur sigma(double... sigma) {
        requireUnbuilt();
        this.sigma = bounds("RandomGaussianBlur", sigma, 0, 1);
        return this;
    }

    @Override
    protected @Nullable Object drawTransformation(Shape images, boolean training) {
        if (!training) return null;
        Tensor blur = K.add(uniform(Shape.of(2), sigma), 1e-6);
        return Map.of("should_apply_blur", chosen(images, factor), "blur_factor", blur);
    }

    @Override
    public Tensor transformImages(Tensor images, @Nullable Object transformation, boolean training) {
        Tensor x = K.cast(images, dtypePolicy().compute());
        if (!training || transformation == null) return x;
        Tensor blur = entry(transformation, "blur_factor");
        Tensor blurred = image("gaussian_blur", x, Map.of("kernel_size", ConfigValues.list(kernelSize), "sigma", blur));
        return clipped(K.where(perImage(entry(transformation, "should_apply_blur")), blurred, x));
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("factor", list(factor));
        config.put("kernel_size", ConfigValues.list(kernelSize));
        config.put("sigma", list(sigma));
        config.put("value_range", range());
        config.put("seed", seed());
        return config;
    }
}
