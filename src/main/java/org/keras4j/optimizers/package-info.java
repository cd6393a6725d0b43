/** Keras's optimizers: rules by which gradients change weights. */
@NullMarked
package org.keras4j.optimizers;

import org.jspecify.annotations.NullMarked;
