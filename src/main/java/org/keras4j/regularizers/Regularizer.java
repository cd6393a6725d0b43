package org.keras4j.regularizers;

import org.keras4j.graph.Tensor;
import org.keras4j.serialization.Configurable;

/** Computes a penalty that is added to the loss. */
public interface Regularizer extends Configurable {
    /** Returns a scalar. */
    Tensor call(Tensor x);

    @Override
    default String module() {
        return "keras.regularizers";
    }
}
