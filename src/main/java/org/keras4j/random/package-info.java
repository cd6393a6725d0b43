/** Keras's random numbers: {@code keras.random}. */
@NullMarked
package org.keras4j.random;

import org.jspecify.annotations.NullMarked;
