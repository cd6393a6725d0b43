/** Configs and weights of Keras 1 and 2, turned into those of Keras 3. */
@NullMarked
package org.keras4j.saving.legacy;

import org.jspecify.annotations.NullMarked;
