package org.keras4j.optimizers.schedules;

import org.keras4j.graph.Tensor;
import org.keras4j.serialization.Configurable;

/** A learning rate that depends on how many steps have been made. */
public interface LearningRateSchedule extends Configurable {
    /** Returns the rate, a float scalar, for the scalar {@code step}, which counts from 0. */
    Tensor call(Tensor step);

    @Override
    default String module() {
        return "keras.optimizers.schedules";
    }
}
