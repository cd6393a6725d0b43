/** Keras's constraints: projections of weights after each update. */
@NullMarked
package org.keras4j.constraints;

import org.jspecify.annotations.NullMarked;
