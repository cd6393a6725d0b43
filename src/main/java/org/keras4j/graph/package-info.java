/** Tensors as expressions, their gradients, and how a graph of them is planned and run. */
@NullMarked
package org.keras4j.graph;

import org.jspecify.annotations.NullMarked;
