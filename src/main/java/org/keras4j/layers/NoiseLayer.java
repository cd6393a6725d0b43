package org.keras4j.layers;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.random.SeedGenerator;

/** A layer that draws random numbers in training; a seed makes them repeat from the start of the program. */
abstract class NoiseLayer<L extends NoiseLayer<L>> extends BaseLayer<L> {
    final double rate;
    private @Nullable Integer seed;
    private @Nullable SeedGenerator generator;

    /** Takes a strength from 0 to 1, called {@code option} in messages. */
    NoiseLayer(String option, double rate) {
        if (!(rate >= 0 && rate <= 1))
            throw new IllegalArgumentException(
                    getClass().getSimpleName() + ": " + option + " must be from 0 to 1, got " + rate);
        this.rate = rate;
        supportsMasking(true);
    }

    /** Sets what the random numbers start from; null for another start in each program. */
    public L seed(@Nullable Integer seed) {
        requireUnbuilt();
        this.seed = seed;
        return self();
    }

    final @Nullable Integer seed() {
        return seed;
    }

    @Override
    protected void build(Shape input) {
        if (rate > 0) generator = addSeedGenerator(seed);
    }

    @Override
    protected List<String> argumentNames() {
        return List.of("inputs", "training");
    }

    @Override
    protected final Tensor call(Tensor x, Call call) {
        if (rate == 0 || !call.training()) return x;
        return noisy(x, Objects.requireNonNull(generator, "built").next());
    }

    /** Returns the input as it is seen in training. */
    abstract Tensor noisy(Tensor x, Tensor seed);
}
