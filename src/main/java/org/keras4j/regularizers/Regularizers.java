package org.keras4j.regularizers;

import org.jspecify.annotations.Nullable;
import org.keras4j.serialization.Catalog;
import org.keras4j.serialization.ConfigReader;
import org.keras4j.serialization.NamedClasses;
import org.keras4j.serialization.Registry;

/** Keras's regularizers by name. */
public final class Regularizers implements Catalog {
    private static final NamedClasses<Regularizer> CLASSES = new NamedClasses<>(Regularizer.class, "keras.regularizers")
            .add("L1", c -> new L1(c.real("l1", 0.01)))
            .add("L2", c -> new L2(c.real("l2", 0.01)))
            .add("L1L2", Regularizers::both, "l1_l2")
            .add(
                    "OrthogonalRegularizer",
                    c -> new OrthogonalRegularizer(c.real("factor", 0.01), c.string("mode", "rows")));

    /**
     * Returns the regularizer that {@code id} means: a {@link Regularizer} itself, a name such as {@code "l2"}, or a
     * config map. Null stays null.
     */
    public static @Nullable Regularizer get(@Nullable Object id) {
        return CLASSES.get(id);
    }

    @Override
    public void register(Registry registry) {
        CLASSES.register(registry);
    }

    private static L1L2 both(ConfigReader config) {
        return new L1L2(config.real("l1", 0), config.real("l2", 0));
    }

    /** Returns {@code factor} if it is finite and not negative. */
    static double checked(String className, String name, double factor) {
        if (factor >= 0 && factor < Double.POSITIVE_INFINITY) return factor;
        throw new IllegalArgumentException(
                className + ": expected " + name + " to be a number of 0 or more, got " + factor);
    }
}
