/** Small tools beside the models, as in Keras's module of this name. */
@NullMarked
package org.keras4j.utils;

import org.jspecify.annotations.NullMarked;
