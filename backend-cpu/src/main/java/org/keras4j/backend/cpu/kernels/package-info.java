/** Holds the Vector API kernels: static loops over {@code float[]} and an offset, blind to graph and layers. */
@NullMarked
package org.keras4j.backend.cpu.kernels;

import org.jspecify.annotations.NullMarked;
