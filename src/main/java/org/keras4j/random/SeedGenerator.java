package org.keras4j.random;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Variable;
import org.keras4j.op.Spec;
import org.keras4j.ops.K;
import org.keras4j.serialization.Configurable;
import org.keras4j.utils.Names;
import org.keras4j.utils.RandomSeeds;

/**
 * Gives another seed at each use. Its state, int32 (seed, count), is a variable that each use advances, so that a
 * function that draws random numbers draws others at each run.
 */
public final class SeedGenerator implements Configurable {
    private static final Shape PAIR = Shape.of(2);

    private final @Nullable Integer seed;
    private final String name;
    private final Variable state;

    /** Makes a generator; without a seed, with one of {@link RandomSeeds}. */
    public SeedGenerator(@Nullable Integer seed) {
        this(seed, Names.unique("seed_generator"), "");
    }

    /**
     * Makes a generator whose state has the path {@code owner/name/seed_generator_state}.
     *
     * @param owner the path of the layer that it belongs to, or empty
     */
    public SeedGenerator(@Nullable Integer seed, String name, String owner) {
        this.seed = seed;
        this.name = name;
        int start = seed == null ? RandomSeeds.next() : seed;
        String path = (owner.isEmpty() ? "" : owner + "/") + name + "/seed_generator_state";
        this.state = new Variable(
                "seed_generator_state", path, new Spec(DType.INT32, PAIR), () -> NDArray.of(PAIR, start, 0));
        state.trainable(false);
    }

    /** Returns the variable that holds (seed, count). */
    public Variable state() {
        return state;
    }

    public String name() {
        return name;
    }

    /** Returns the present seed and advances the state. */
    public Tensor next() {
        Tensor now = state.value();
        state.assign(K.add(now, Tensor.of(NDArray.of(PAIR, 0, 1))));
        return now;
    }

    /** Returns the seed that always gives the same numbers. */
    public static Tensor fixed(int seed) {
        return Tensor.of(NDArray.of(PAIR, seed, 0));
    }

    @Override
    public String module() {
        return "keras.random";
    }

    @Override
    public Map<String, @Nullable Object> getConfig() {
        Map<String, @Nullable Object> config = new LinkedHashMap<>();
        config.put("seed", seed);
        config.put("name", name);
        return config;
    }
}
