/** What happens besides at the points of a training: stopping, saving, logging. */
@NullMarked
package org.keras4j.callbacks;

import org.jspecify.annotations.NullMarked;
