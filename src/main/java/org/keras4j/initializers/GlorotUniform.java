package org.keras4j.initializers;

/** Draws uniformly in plus or minus sqrt(6 / (inputs + outputs)) (Glorot and Bengio 2010). */
public final class GlorotUniform extends FanInitializer<GlorotUniform> {
    public GlorotUniform() {
        super(1, Mode.FAN_AVG, Distribution.UNIFORM);
    }

    public GlorotUniform(int seed) {
        this();
        seed(seed);
    }

    @Override
    GlorotUniform self() {
        return this;
    }
}
