package org.keras4j.initializers;

/** Draws uniformly in plus or minus sqrt(6 / inputs) (He et al. 2015). */
public final class HeUniform extends FanInitializer<HeUniform> {
    public HeUniform() {
        super(2, Mode.FAN_IN, Distribution.UNIFORM);
    }

    public HeUniform(int seed) {
        this();
        seed(seed);
    }

    @Override
    HeUniform self() {
        return this;
    }
}
