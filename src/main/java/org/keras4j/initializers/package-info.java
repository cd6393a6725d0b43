/** Keras's initializers: first values of weights. */
@NullMarked
package org.keras4j.initializers;

import org.jspecify.annotations.NullMarked;
