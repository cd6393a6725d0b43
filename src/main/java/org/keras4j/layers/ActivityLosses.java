package org.keras4j.layers;

import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.regularizers.Regularizer;

/** Penalties on activations. */
final class ActivityLosses {
    private ActivityLosses() {}

    /** Returns the penalty on {@code output} divided by the batch size, as Keras counts it. */
    static Tensor perSample(Regularizer regularizer, Tensor output) {
        int batch = output.rank() == 0 ? 1 : Math.max(1, output.shape().dim(0));
        return Primitives.scale(regularizer.call(output), 1.0 / batch);
    }
}
