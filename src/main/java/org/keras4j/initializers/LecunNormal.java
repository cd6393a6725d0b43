package org.keras4j.initializers;

/** Draws from a truncated normal distribution with variance 1 / inputs (LeCun et al. 1998). */
public final class LecunNormal extends FanInitializer<LecunNormal> {
    public LecunNormal() {
        super(1, Mode.FAN_IN, Distribution.TRUNCATED_NORMAL);
    }

    public LecunNormal(int seed) {
        this();
        seed(seed);
    }

    @Override
    LecunNormal self() {
        return this;
    }
}
