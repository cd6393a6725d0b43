package org.keras4j.initializers;

import org.jspecify.annotations.Nullable;
import org.keras4j.serialization.Catalog;
import org.keras4j.serialization.ConfigReader;
import org.keras4j.serialization.NamedClasses;
import org.keras4j.serialization.Registry;

/** Keras's initializers by name. */
public final class Initializers implements Catalog {
    private static final NamedClasses<Initializer> CLASSES = classes();

    /**
     * Returns the initializer that {@code id} means: an {@link Initializer} itself, a name such as
     * {@code "glorot_uniform"}, or a config map. Null stays null.
     */
    public static @Nullable Initializer get(@Nullable Object id) {
        return CLASSES.get(id);
    }

    @Override
    public void register(Registry registry) {
        CLASSES.register(registry);
    }

    private static NamedClasses<Initializer> classes() {
        return new NamedClasses<>(Initializer.class, "keras.initializers")
                .add("Zeros", _ -> new Zeros(), "zero")
                .add("Ones", _ -> new Ones(), "one")
                .add("Constant", c -> new Constant(Constant.read(c)))
                .add("Identity", c -> new Identity(c.real("gain", 1)), "IdentityInitializer")
                .add("STFT", STFT::fromConfig, "STFTInitializer", "stft")
                .add(
                        "RandomNormal",
                        c -> seeded(new RandomNormal(c.real("mean", 0), c.real("stddev", 0.05)), c),
                        "normal")
                .add("TruncatedNormal", c -> seeded(new TruncatedNormal(c.real("mean", 0), c.real("stddev", 0.05)), c))
                .add(
                        "RandomUniform",
                        c -> seeded(new RandomUniform(c.real("minval", -0.05), c.real("maxval", 0.05)), c),
                        "uniform")
                .add(
                        "VarianceScaling",
                        c -> scaled(
                                new VarianceScaling(
                                        c.real("scale", 1),
                                        c.string("mode", "fan_in"),
                                        c.string("distribution", "truncated_normal")),
                                c))
                .add("GlorotUniform", c -> scaled(new GlorotUniform(), c))
                .add("GlorotNormal", c -> scaled(new GlorotNormal(), c))
                .add("HeUniform", c -> scaled(new HeUniform(), c))
                .add("HeNormal", c -> scaled(new HeNormal(), c))
                .add("LecunUniform", c -> scaled(new LecunUniform(), c))
                .add("LecunNormal", c -> scaled(new LecunNormal(), c))
                .add("Orthogonal", c -> seeded(new Orthogonal(c.real("gain", 1)), c), "OrthogonalInitializer");
    }

    private static <T extends RandomInitializer<T>> T seeded(T initializer, ConfigReader config) {
        initializer.seedConfig(config);
        return initializer;
    }

    private static <T extends FanInitializer<T>> T scaled(T initializer, ConfigReader config) {
        initializer.axes(config.nullableInts("input_axes"), config.nullableInts("output_axes"));
        return seeded(initializer, config);
    }
}
