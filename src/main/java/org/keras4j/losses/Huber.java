package org.keras4j.losses;

import java.util.Map;
import org.keras4j.graph.Tensor;

/** The mean over the last axis of half the squared error, but linear where it is more than {@code delta}. */
public final class Huber extends BaseLoss<Huber> {
    private double delta = 1.0;

    public Huber() {
        super("huber_loss");
    }

    public Huber(double delta) {
        this();
        delta(delta);
    }

    public Huber delta(double delta) {
        this.delta = delta;
        return this;
    }

    @Override
    protected Huber self() {
        return this;
    }

    @Override
    protected Tensor values(Tensor yTrue, Tensor yPred) {
        return Regression.huber(yTrue, yPred, delta);
    }

    /** Has what Keras writes, and what it forgets to write only where it is not the default. */
    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        if (delta != 1) config.put("delta", delta);
        return config;
    }
}
