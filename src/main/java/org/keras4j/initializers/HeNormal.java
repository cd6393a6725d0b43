package org.keras4j.initializers;

/** Draws from a truncated normal distribution with variance 2 / inputs (He et al. 2015). */
public final class HeNormal extends FanInitializer<HeNormal> {
    public HeNormal() {
        super(2, Mode.FAN_IN, Distribution.TRUNCATED_NORMAL);
    }

    public HeNormal(int seed) {
        this();
        seed(seed);
    }

    @Override
    HeNormal self() {
        return this;
    }
}
