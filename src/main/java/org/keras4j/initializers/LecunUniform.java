package org.keras4j.initializers;

/** Draws uniformly in plus or minus sqrt(3 / inputs) (LeCun et al. 1998). */
public final class LecunUniform extends FanInitializer<LecunUniform> {
    public LecunUniform() {
        super(1, Mode.FAN_IN, Distribution.UNIFORM);
    }

    public LecunUniform(int seed) {
        this();
        seed(seed);
    }

    @Override
    LecunUniform self() {
        return this;
    }
}
