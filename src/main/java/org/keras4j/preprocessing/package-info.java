/** What makes batches of arrays from files, pictures, texts, sequences and series, as {@code keras.preprocessing}. */
@NullMarked
package org.keras4j.preprocessing;

import org.jspecify.annotations.NullMarked;
