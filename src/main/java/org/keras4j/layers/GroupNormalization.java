package org.keras4j.layers;

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

/** Scales groups of channels of each sample to mean 0 and variance 1 (Wu and He 2018). */
public final class GroupNormalization extends ScaleLayer<GroupNormalization> {
    private int groups;
    private int axis = -1;
    private @Nullable Variable gammaWeight;
    private @Nullable Variable betaWeight;

    public GroupNormalization() {
        this(32);
    }

    /** Takes the number of groups; -1 gives each channel a group of its own. */
    public GroupNormalization(int groups) {
        if (groups <= 0 && groups != -1)
            throw new IllegalArgumentException("GroupNormalization: groups must be positive or -1, got " + groups);
        this.groups = groups;
        supportsMasking(true);
    }

    static GroupNormalization fromConfig(ConfigReader config) {
        return new GroupNormalization(config.integer("groups", 32))
                .configureScale(config)
                .axis(axis(config));
    }

    /** Sets the axis of the channels; the last if not set. */
    public GroupNormalization axis(int axis) {
        requireUnbuilt();
        this.axis = axis;
        return this;
    }

    @Override
    protected void build(Shape input) {
        int size = knownSize(input, axis);
        if (groups == -1) groups = size;
        if (size % groups != 0)
            throw refuse("expected input whose axis " + axis + " divides evenly into " + groups + " groups", input);
        inputSpec(new InputSpec(input.rank(), 0, Map.of(axis, size)));
        if (scale) gammaWeight = gamma.add(this, "gamma", Shape.of(size), false);
        if (center) betaWeight = beta.add(this, "beta", Shape.of(size), false);
    }

    @Override
    protected Tensor call(Tensor x, Call call) {
        int at = x.shape().axis(axis);
        int size = x.shape().dim(at);
        DType wide = x.dtype() == DType.FLOAT64 ? DType.FLOAT64 : DType.FLOAT32;
        Tensor split = K.cast(K.reshape(x, x.shape().with(at, size / groups).insert(at, groups)), wide);
        List<Tensor> moments = K.moments(split, Axes.allBut(split.rank(), 0, at), true);
        int[] dims = Ints.repeat(1, split.rank()).toArray();
        dims[at] = groups;
        dims[at + 1] = size / groups;
        Tensor factor = K.rsqrt(K.add(moments.get(1), epsilon));
        if (gammaWeight != null) factor = K.multiply(factor, K.cast(K.reshape(gammaWeight.value(), dims), wide));
        Tensor summand = K.negative(K.multiply(moments.get(0), factor));
        if (betaWeight != null) summand = K.add(summand, K.cast(K.reshape(betaWeight.value(), dims), wide));
        Tensor y = K.reshape(K.add(K.multiply(split, factor), summand), x.shape());
        return K.cast(y, dtypePolicy().compute());
    }

    @Override
    protected boolean castsInputs() {
        return false;
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("groups", groups);
        config.put("axis", axis);
        config.put("epsilon", epsilon);
        config.put("center", center);
        config.put("scale", scale);
        Parameter.putAll(config, beta, gamma);
        return config;
    }
}
