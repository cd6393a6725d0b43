package org.keras4j.backend.device;

/** A block of device memory. */
public interface Buffer {
    long bytes();
}
