/** The backend {@code cpu}: Vector API kernels on every core, the reference kernels for whatever is rare. */
@NullMarked
package org.keras4j.backend.cpu;

import org.jspecify.annotations.NullMarked;
