/** Trains small models to do what large ones do, as {@code keras.distillation}. */
@NullMarked
package org.keras4j.distillation;

import org.jspecify.annotations.NullMarked;
