package org.keras4j.backend.opencl;

import org.jocl.Pointer;
import org.jocl.cl_mem;
import org.keras4j.backend.device.Buffer;

/** An OpenCL memory object; {@code argument} points to it, as a kernel's argument has to. */
record OpenClBuffer(cl_mem memory, long bytes, Pointer argument) implements Buffer {
    OpenClBuffer(cl_mem memory, long bytes) {
        this(memory, bytes, Pointer.to(memory));
    }
}
