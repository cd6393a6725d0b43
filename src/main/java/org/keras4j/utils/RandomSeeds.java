package org.keras4j.utils;

import java.util.SplittableRandom;

/** Where seeds come from that the program does not give: initializers, dropout, shuffling. */
public final class RandomSeeds {
    private static final int LIMIT = 1_000_000_000;
    private static SplittableRandom generator = new SplittableRandom();

    private RandomSeeds() {}

    /** Starts the sequence of seeds anew, as {@code keras.utils.set_random_seed}. */
    public static synchronized void setRandomSeed(int seed) {
        generator = new SplittableRandom(seed);
    }

    /** Returns the next seed, from 1 to 10^9. */
    public static synchronized int next() {
        return generator.nextInt(1, LIMIT + 1);
    }
}
