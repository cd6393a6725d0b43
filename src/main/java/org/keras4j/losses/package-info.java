/** Keras's losses: what a training makes small. */
@NullMarked
package org.keras4j.losses;

import org.jspecify.annotations.NullMarked;
