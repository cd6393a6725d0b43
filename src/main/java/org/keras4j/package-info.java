/** Keras for the JVM. */
@NullMarked
package org.keras4j;

import org.jspecify.annotations.NullMarked;
