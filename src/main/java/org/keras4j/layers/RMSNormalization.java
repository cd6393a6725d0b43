package org.keras4j.layers;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Variable;
import org.keras4j.initializers.Initializers;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/** Divides by the root of the mean square along an axis, or over several (Zhang and Sennrich 2019). */
public final class RMSNormalization extends BaseLayer<RMSNormalization> {
    private final int[] axes;
    private final boolean single;
    private double epsilon = 1e-6;
    private @Nullable Variable scale;

    public RMSNormalization() {
        this(-1);
    }

    public RMSNormalization(int axis) {
        this(new int[] {axis}, true);
    }

    public RMSNormalization(int[] axes) {
        this(axes.clone(), false);
    }

    private RMSNormalization(int[] axes, boolean single) {
        this.axes = axes;
        this.single = single;
        Arrays.sort(axes);
    }

    static RMSNormalization fromConfig(ConfigReader config) {
        var layer = new RMSNormalization(ScaleLayer.axes(config), !(config.get("axis") instanceof List));
        return configure(layer, config).epsilon(config.real("epsilon", 1e-6));
    }

    /** Sets what is added to the mean square; 1e-6 if not set. */
    public RMSNormalization epsilon(double epsilon) {
        requireUnbuilt();
        this.epsilon = epsilon;
        return this;
    }

    @Override
    protected void build(Shape input) {
        var sizes = new int[axes.length];
        for (int i = 0; i < axes.length; i++) sizes[i] = knownSize(input, axes[i]);
        scale = addWeight("scale", Shape.of(sizes), o -> o.initializer(Initializers.get("ones")));
    }

    @Override
    protected Tensor call(Tensor x, Call call) {
        return K.rmsNormalization(x, Objects.requireNonNull(scale, "built").value(), axes, epsilon);
    }

    /** Returns the config; once built, Keras writes a single axis as a list. */
    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("axis", single && !built() ? (Object) axes[0] : ConfigValues.list(axes));
        config.put("epsilon", epsilon);
        return config;
    }
}
