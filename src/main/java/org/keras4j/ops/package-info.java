/** Keras's operations on tensors: {@code K}, their registry by name, dtype promotion and random numbers. */
@NullMarked
package org.keras4j.ops;

import org.jspecify.annotations.NullMarked;
