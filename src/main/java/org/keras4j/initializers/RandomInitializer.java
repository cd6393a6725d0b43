package org.keras4j.initializers;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.serialization.ConfigReader;
import org.keras4j.utils.RandomSeeds;

/**
 * What initializers that draw numbers have in common: the seed. The same seed and shape give the same values at each
 * call and on each machine; without a seed, one is drawn at the first call.
 */
abstract class RandomInitializer<S extends RandomInitializer<S>> implements Initializer {
    private @Nullable Object given;
    private @Nullable Long seed;

    /** Sets the seed; null means one of its own for this initializer. */
    public S seed(@Nullable Number seed) {
        this.given = seed;
        this.seed = seed == null ? null : seed.longValue();
        return self();
    }

    abstract S self();

    /** Draws into an array of zeros of a floating dtype. */
    abstract void fill(Draw draw, NDArray out);

    @Override
    public final NDArray call(Shape shape, DType dtype) {
        if (!dtype.isFloating())
            throw new IllegalArgumentException(className() + ": expected a floating dtype, got " + dtype);
        NDArray out = NDArray.zeros(dtype, shape);
        fill(new Draw(resolved()), out);
        return out;
    }

    private synchronized long resolved() {
        if (seed == null) seed = (long) RandomSeeds.next();
        return seed;
    }

    /** Takes over the config's seed: a number, null, or the config of a {@code SeedGenerator}. */
    final void seedConfig(ConfigReader config) {
        Object value = config.get("seed");
        switch (value) {
            case null -> {}
            case Number n -> seed(n);
            case Map<?, ?> generator
            when generator.get("config") instanceof Map<?, ?> inner -> {
                if (inner.get("seed") instanceof Number n) seed(n);
                given = generator;
            }
            default -> throw config.wrong("seed", "an integer or a SeedGenerator", value);
        }
    }

    /** Returns the config with the seed first. */
    final Map<String, Object> seedConfig() {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("seed", given);
        return config;
    }
}
