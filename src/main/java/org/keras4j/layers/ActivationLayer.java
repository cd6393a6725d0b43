package org.keras4j.layers;

import org.keras4j.graph.Tensor;

/** A layer that computes a function of each element or row, so that it can be the activation of another layer too. */
abstract class ActivationLayer<L extends ActivationLayer<L>> extends BaseLayer<L>
        implements org.keras4j.activations.Activation {
    /** Calls the layer, as the activation of another one. */
    @Override
    public final Tensor call(Tensor x) {
        return apply(x);
    }
}
