/** What TensorFlow's Keras 2 wrote by default: SavedModel directories and checkpoints of weights. */
@NullMarked
package org.keras4j.saving.savedmodel;

import org.jspecify.annotations.NullMarked;
