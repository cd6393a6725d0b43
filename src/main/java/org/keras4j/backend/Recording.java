package org.keras4j.backend;

/** Kernels that a device has recorded and runs in one go. */
public interface Recording extends Kernel, AutoCloseable {
    /** Gives the recording back to the device; it must not be run any more. */
    @Override
    void close();
}
