package org.keras4j.backend.device;

import org.keras4j.Storage;
import org.keras4j.backend.Memory;

/** Memory in a buffer of its own. */
public final class DeviceMemory extends Memory {
    private final Device device;
    private final Buffer buffer;
    private final boolean persistent;
    private boolean closed;

    DeviceMemory(Device device, Storage storage, long elements, boolean persistent) {
        super(storage, elements);
        this.device = device;
        this.persistent = persistent;
        this.buffer = device.allocate(Math.max(1, elements) * storage.bytes());
    }

    /** Makes memory in a buffer of which somebody else takes care. */
    DeviceMemory(Device device, Storage storage, long elements, Buffer buffer) {
        super(storage, elements);
        this.device = device;
        this.persistent = false;
        this.buffer = buffer;
        this.closed = true;
    }

    public Buffer buffer() {
        return buffer;
    }

    @Override
    public boolean isPersistent() {
        return persistent;
    }

    @Override
    public synchronized void close() {
        if (closed) return;
        closed = true;
        device.free(buffer);
    }
}
