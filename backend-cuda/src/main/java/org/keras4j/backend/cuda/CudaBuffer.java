package org.keras4j.backend.cuda;

import org.keras4j.backend.device.Buffer;

/** A block of device memory at an address. */
record CudaBuffer(long address, long bytes) implements Buffer {}
