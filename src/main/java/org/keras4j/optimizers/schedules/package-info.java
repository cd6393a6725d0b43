/** Keras's learning rate schedules: learning rates as functions of the step. */
@NullMarked
package org.keras4j.optimizers.schedules;

import org.jspecify.annotations.NullMarked;
