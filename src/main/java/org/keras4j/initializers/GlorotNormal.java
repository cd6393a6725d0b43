package org.keras4j.initializers;

/** Draws from a truncated normal distribution with variance 2 / (inputs + outputs) (Glorot and Bengio 2010). */
public final class GlorotNormal extends FanInitializer<GlorotNormal> {
    public GlorotNormal() {
        super(1, Mode.FAN_AVG, Distribution.TRUNCATED_NORMAL);
    }

    public GlorotNormal(int seed) {
        this();
        seed(seed);
    }

    @Override
    GlorotNormal self() {
        return this;
    }
}
