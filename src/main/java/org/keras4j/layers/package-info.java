/** Keras's layers, and the calls that connect them. */
@NullMarked
package org.keras4j.layers;

import org.jspecify.annotations.NullMarked;
