package org.keras4j.constraints;

import org.keras4j.graph.Tensor;
import org.keras4j.serialization.Configurable;

/** Projects a weight back to where it is allowed to be, after each update. */
public interface Constraint extends Configurable {
    /** Returns a tensor of the same shape and dtype. */
    Tensor call(Tensor weight);

    @Override
    default String module() {
        return "keras.constraints";
    }
}
