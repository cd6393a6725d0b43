/** The backend for NVIDIA GPUs. */
@NullMarked
package org.keras4j.backend.cuda;

import org.jspecify.annotations.NullMarked;
