/** Small data sets to learn and test with, as in Keras's module of this name. */
@NullMarked
package org.keras4j.datasets;

import org.jspecify.annotations.NullMarked;
