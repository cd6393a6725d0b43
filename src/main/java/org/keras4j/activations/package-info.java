/** Keras's activation functions by name. */
@NullMarked
package org.keras4j.activations;

import org.jspecify.annotations.NullMarked;
