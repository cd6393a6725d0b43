/** How objects become Keras configs and come back: the contract that layers, losses, optimizers and the like share. */
@NullMarked
package org.keras4j.serialization;

import org.jspecify.annotations.NullMarked;
