package org.keras4j.layers;

import org.jspecify.annotations.Nullable;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Variable;
import org.keras4j.serialization.ConfigReader;

/** The options of normalizations that end with a learned scale (gamma) and shift (beta). */
abstract class ScaleLayer<L extends ScaleLayer<L>> extends BaseLayer<L> {
    final Parameter beta = new Parameter("beta", "zeros");
    final Parameter gamma = new Parameter("gamma", "ones");
    double epsilon = 1e-3;
    boolean center = true;
    boolean scale = true;

    /** Sets what is added to the variance; 0.001 if not set. */
    public L epsilon(double epsilon) {
        requireUnbuilt();
        this.epsilon = epsilon;
        return self();
    }

    /** Says whether a learned beta is added; true if not set. */
    public L center(boolean center) {
        requireUnbuilt();
        this.center = center;
        return self();
    }

    /** Says whether the result is multiplied with a learned gamma; true if not set. */
    public L scale(boolean scale) {
        requireUnbuilt();
        this.scale = scale;
        return self();
    }

    public L betaInitializer(Object initializer) {
        requireUnbuilt();
        beta.initializer(initializer);
        return self();
    }

    public L gammaInitializer(Object initializer) {
        requireUnbuilt();
        gamma.initializer(initializer);
        return self();
    }

    public L betaRegularizer(@Nullable Object regularizer) {
        requireUnbuilt();
        beta.regularizer(regularizer);
        return self();
    }

    public L gammaRegularizer(@Nullable Object regularizer) {
        requireUnbuilt();
        gamma.regularizer(regularizer);
        return self();
    }

    public L betaConstraint(@Nullable Object constraint) {
        requireUnbuilt();
        beta.constraint(constraint);
        return self();
    }

    public L gammaConstraint(@Nullable Object constraint) {
        requireUnbuilt();
        gamma.constraint(constraint);
        return self();
    }

    final L configureScale(ConfigReader config) {
        configure(this, config);
        epsilon = config.real("epsilon", 1e-3);
        center = config.bool("center", true);
        scale = config.bool("scale", true);
        beta.read(config);
        gamma.read(config);
        return self();
    }

    /** Reads an axis, which Keras 2 wrote as a list of one. */
    static int axis(ConfigReader config) {
        if (!config.has("axis")) return -1;
        int[] axes = config.ints("axis");
        if (axes.length != 1) throw config.wrong("axis", "one axis", config.get("axis"));
        return axes[0];
    }

    /** Reads one axis or several. */
    static int[] axes(ConfigReader config) {
        return config.has("axis") ? config.ints("axis") : new int[] {-1};
    }

    static @Nullable Tensor value(@Nullable Variable weight) {
        return weight == null ? null : weight.value();
    }
}
