/** Model files: what Keras writes and reads, and the one exception every damaged file ends in. */
@NullMarked
package org.keras4j.saving;

import org.jspecify.annotations.NullMarked;
