/** A backend over any device that compiles kernels at run time; OpenCL and CUDA say only how to reach the device. */
@NullMarked
package org.keras4j.backend.device;

import org.jspecify.annotations.NullMarked;
