/** Layers that Keras once had and that old model files still name. */
@NullMarked
package org.keras4j.layers.legacy;

import org.jspecify.annotations.NullMarked;
