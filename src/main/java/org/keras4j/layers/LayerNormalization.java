package org.keras4j.layers;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Variable;
import org.keras4j.op.Ints;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/** Scales each sample to mean 0 and variance 1 along an axis, or over several (Ba, Kiros and Hinton 2016). */
public final class LayerNormalization extends ScaleLayer<LayerNormalization> {
    private final int[] axes;
    private final boolean single;
    private boolean rmsScaling;
    private @Nullable Variable gammaWeight;
    private @Nullable Variable betaWeight;

    public LayerNormalization() {
        this(-1);
    }

    public LayerNormalization(int axis) {
        this(new int[] {axis}, true);
    }

    public LayerNormalization(int[] axes) {
        this(axes.clone(), false);
    }

    private LayerNormalization(int[] axes, boolean single) {
        this.axes = axes;
        this.single = single;
        Arrays.sort(axes);
        supportsMasking(true);
    }

    static LayerNormalization fromConfig(ConfigReader config) {
        return new LayerNormalization(axes(config), !(config.get("axis") instanceof List))
                .configureScale(config)
                .rmsScaling(config.bool("rms_scaling", false));
    }

    /** Divides by the standard deviation without taking the mean away; false if not set. */
    public LayerNormalization rmsScaling(boolean rmsScaling) {
        requireUnbuilt();
        this.rmsScaling = rmsScaling;
        return this;
    }

    @Override
    protected void build(Shape input) {
        var sizes = new int[axes.length];
        for (int i = 0; i < axes.length; i++) sizes[i] = knownSize(input, axes[i]);
        if (scale || rmsScaling) gammaWeight = gamma.add(this, "gamma", Shape.of(sizes), false);
        if (center && !rmsScaling) betaWeight = beta.add(this, "beta", Shape.of(sizes), false);
    }

    @Override
    protected Tensor call(Tensor x, Call call) {
        DType compute = dtypePolicy().compute();
        if (!rmsScaling) {
            int[] all = Axes.positive(axes, x.shape());
            return K.cast(K.layerNormalization(x, value(gammaWeight), value(betaWeight), all, epsilon), compute);
        }
        Tensor f = K.cast(x, x.dtype() == DType.FLOAT64 ? DType.FLOAT64 : DType.FLOAT32);
        Tensor inverse = K.rsqrt(K.add(K.var(f, axes, true), epsilon));
        Tensor y = K.multiply(f, inverse);
        if (gammaWeight != null) {
            int[] dims = Ints.repeat(1, x.rank()).toArray();
            for (int axis : axes) dims[x.shape().axis(axis)] = x.shape().dim(axis);
            y = K.multiply(y, K.cast(K.reshape(gammaWeight.value(), dims), f.dtype()));
        }
        return K.cast(y, compute);
    }

    @Override
    protected boolean castsInputs() {
        return false;
    }

    /** Returns the config; once built, Keras writes a single axis as a list. */
    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("axis", single && !built() ? (Object) axes[0] : ConfigValues.list(axes));
        config.put("epsilon", epsilon);
        config.put("center", center);
        config.put("scale", scale);
        config.put("rms_scaling", rmsScaling);
        Parameter.putAll(config, beta, gamma);
        return config;
    }
}
