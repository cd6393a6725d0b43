/** Keras's metrics: how good a model is, gathered over batches. */
@NullMarked
package org.keras4j.metrics;

import org.jspecify.annotations.NullMarked;
