package org.keras4j.activations;

import org.keras4j.graph.Tensor;

/**
 * A function that a layer applies to its result; usually elementwise, always of the input's shape. A lambda will do,
 * but only activations with a name (see {@link Activations#register}) can be saved.
 */
@FunctionalInterface
public interface Activation {
    /** Returns the function of {@code x}. */
    Tensor call(Tensor x);
}
