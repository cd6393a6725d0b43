package org.keras4j.layers;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Variable;
import org.keras4j.op.Ints;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/** Computes {@code x} for positive and {@code alpha * x} for negative inputs, with a learned alpha per place. */
public final class PReLU extends ActivationLayer<PReLU> {
    private final Parameter alpha = new Parameter("alpha", "zeros");
    private int @Nullable [] sharedAxes;
    private @Nullable Variable weight;

    public PReLU() {
        supportsMasking(true);
    }

    static PReLU fromConfig(ConfigReader config) {
        PReLU layer = configure(new PReLU(), config);
        layer.alpha.read(config);
        layer.sharedAxes = config.nullableInts("shared_axes");
        return layer;
    }

    public PReLU alphaInitializer(Object initializer) {
        requireUnbuilt();
        alpha.initializer(initializer);
        return this;
    }

    public PReLU alphaRegularizer(@Nullable Object regularizer) {
        requireUnbuilt();
        alpha.regularizer(regularizer);
        return this;
    }

    public PReLU alphaConstraint(@Nullable Object constraint) {
        requireUnbuilt();
        alpha.constraint(constraint);
        return this;
    }

    /** Sets the axes (1 is the first after the batch) along which all places have one alpha. */
    public PReLU sharedAxes(int... axes) {
        requireUnbuilt();
        sharedAxes = axes.clone();
        return this;
    }

    @Override
    protected void build(Shape input) {
        int[] shape = input.from(1).dims();
        Map<Integer, Integer> sizes = new HashMap<>();
        if (sharedAxes != null) {
            for (int axis : sharedAxes) {
                if (axis < 1 || axis > shape.length)
                    throw refuse("expected input with an axis " + axis + ", which is among shared_axes", input);
                shape[axis - 1] = 1;
            }
        }
        for (int i = 0; i < shape.length; i++) {
            if (sharedAxes != null && Ints.of(sharedAxes).contains(i + 1)) continue;
            shape[i] = knownSize(input, i + 1);
            if (sharedAxes != null && sharedAxes.length > 0) sizes.put(i + 1, shape[i]);
        }
        weight = alpha.add(this, Shape.of(shape));
        inputSpec(new InputSpec(input.rank(), 0, sizes));
    }

    @Override
    protected Tensor call(Tensor x, Call call) {
        Tensor slopes = Objects.requireNonNull(weight).value();
        return K.subtract(K.relu(x), K.multiply(slopes, K.relu(K.negative(x))));
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        Parameter.putAll(config, alpha);
        config.put("shared_axes", sharedAxes == null ? null : ConfigValues.list(sharedAxes));
        return config;
    }
}
