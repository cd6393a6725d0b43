/** The backend for OpenCL devices. */
@NullMarked
package org.keras4j.backend.opencl;

import org.jspecify.annotations.NullMarked;
