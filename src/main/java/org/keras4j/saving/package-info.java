/** Models in files: Keras's configs, weights and assets, written and read. */
@NullMarked
package org.keras4j.saving;

import org.jspecify.annotations.NullMarked;
