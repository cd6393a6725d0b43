package org.keras4j.constraints;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;
import org.keras4j.serialization.Catalog;
import org.keras4j.serialization.ConfigReader;
import org.keras4j.serialization.NamedClasses;
import org.keras4j.serialization.Registry;

/** Keras's constraints by name. */
public final class Constraints implements Catalog {
    private static final NamedClasses<Constraint> CLASSES = new NamedClasses<>(Constraint.class, "keras.constraints")
            .add("MaxNorm", c -> new MaxNorm(number(c, "max_value", 2)).axis(axes(c)))
            .add(
                    "MinMaxNorm",
                    c -> new MinMaxNorm(
                                    number(c, "min_value", 0.0), number(c, "max_value", 1.0), number(c, "rate", 1.0))
                            .axis(axes(c)))
            .add("NonNeg", _ -> new NonNeg())
            .add("UnitNorm", c -> new UnitNorm().axis(axes(c)));

    /**
     * Returns the constraint that {@code id} means: a {@link Constraint} itself, a name such as {@code "non_neg"}, or a
     * config map. Null stays null.
     */
    public static @Nullable Constraint get(@Nullable Object id) {
        return CLASSES.get(id);
    }

    @Override
    public void register(Registry registry) {
        CLASSES.register(registry);
    }

    private static Number number(ConfigReader config, String key, Number otherwise) {
        Object value = config.get(key);
        if (value == null) return otherwise;
        if (value instanceof Number n) return n;
        throw config.wrong(key, "a number", value);
    }

    private static int[] axes(ConfigReader config) {
        int[] axes = config.nullableInts("axis");
        return axes == null ? new int[] {0} : axes;
    }

    /** Returns the lengths of {@code weight} along the axes, which stay as size 1. */
    static Tensor norms(Tensor weight, int[] axes) {
        return K.sqrt(K.sum(K.square(weight), axes, true));
    }

    /** Scales {@code weight} so that its lengths become {@code desired}. */
    static Tensor rescale(Tensor weight, Tensor norms, Tensor desired) {
        return K.multiply(weight, K.divide(desired, K.add(K.epsilon(), norms)));
    }

    /** Returns the axes as Keras writes them: a number, or a list of several. */
    static Object written(int[] axes) {
        if (axes.length == 1) return axes[0];
        return Arrays.stream(axes).boxed().toList();
    }
}
