/** Keras's regularizers: penalties on weights and activations. */
@NullMarked
package org.keras4j.regularizers;

import org.jspecify.annotations.NullMarked;
