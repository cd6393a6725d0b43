package org.keras4j.layers;

import org.jspecify.annotations.Nullable;

/**
 * A layer whose common options keep its type, so that {@code new Dense(3).name("head").useBias(false)} reads on.
 *
 * @param <L> the layer itself
 */
public abstract class BaseLayer<L extends BaseLayer<L>> extends Layer {
    protected BaseLayer() {}

    /** Returns this. */
    @SuppressWarnings("unchecked") // every layer gives itself as L
    protected final L self() {
        return (L) this;
    }

    @Override
    public L name(String name) {
        super.name(name);
        return self();
    }

    @Override
    public L trainable(boolean trainable) {
        super.trainable(trainable);
        return self();
    }

    @Override
    public L dtype(String policy) {
        super.dtype(policy);
        return self();
    }

    @Override
    public L dtype(DTypePolicy policy) {
        super.dtype(policy);
        return self();
    }

    @Override
    public L activityRegularizer(@Nullable Object regularizer) {
        super.activityRegularizer(regularizer);
        return self();
    }
}
