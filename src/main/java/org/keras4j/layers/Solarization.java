package org.keras4j.layers;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/** Adds a random number to pixels and inverts those above a random threshold. */
public final class Solarization extends RandomImageLayer<Solarization> {
    private double[] additionFactor = {0, 0};
    private double[] thresholdFactor = {0, 0};

    public Solarization() {}

    public Solarization(double additionFactor, double thresholdFactor) {
        additionFactor(0, additionFactor);
        thresholdFactor(0, thresholdFactor);
    }

    static Solarization fromConfig(ConfigReader config) {
        double[] addition = factor(config, "addition_factor", 0, 0);
        double[] threshold = factor(config, "threshold_factor", 0, 0);
        return new Solarization()
                .configureRandom(config)
                .additionFactor(addition.length == 1 ? 0 : addition[0], addition[addition.length - 1])
                .thresholdFactor(threshold.length == 1 ? 0 : threshold[0], threshold[threshold.length - 1]);
    }

    /** Sets the range of what is added, as part of the value range. */
    public Solarization additionFactor(double least, double greatest) {
        requireUnbuilt();
        additionFactor = bounds("Solarization", new double[] {least, greatest}, 0, 1);
        return this;
    }

    /** Sets the range of the threshold, as part of the value range. */
    public Solarization thresholdFactor(double least, double greatest) {
        requireUnbuilt();
        thresholdFactor = bounds("Solarization", new double[] {least, greatest}, 0, 1);
        return this;
    }

    @Override
    protected @Nullable Object drawTransformation(Shape images, boolean training) {
        if (!training) return null;
        Shape each = Shape.of(images.dim(0), 1, 1, 1);
        return Map.of(
                "additions", K.multiply(uniform(each, additionFactor), 255.0),
                "thresholds", K.multiply(uniform(each, thresholdFactor), 255.0));
    }

    @Override
    public Tensor transformImages(Tensor images, @Nullable Object transformation, boolean training) {
        Tensor x = K.cast(images, dtypePolicy().compute());
        if (!training || transformation == null) return x;
        double[] bytes = {0, 255};
        Tensor y = K.add(rescaled(x, valueRange, bytes), K.cast(entry(transformation, "additions"), x.dtype()));
        y = K.clip(y, 0, 255);
        Tensor threshold = K.cast(entry(transformation, "thresholds"), x.dtype());
        y = K.where(K.less(y, threshold), y, K.subtract(255.0, y));
        return rescaled(y, bytes, valueRange);
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("value_range", range());
        config.put("addition_factor", list(additionFactor));
        config.put("threshold_factor", list(thresholdFactor));
        config.put("seed", seed());
        return config;
    }
}
