package org.keras4j.backend.device;

import java.util.ArrayList;
import java.util.List;
import org.keras4j.backend.Kernel;

/**
 * Memory for what a step writes and reads again within one run, such as partial sums. All steps share one buffer: they
 * run in order on one queue, and {@link #together} keeps the launches of one step next to each other. Scratch memories of
 * one device share a lock, for a step may use several.
 */
final class Scratch {
    private static final long SMALL = 1 << 26;

    private final Device device;
    private final Object lock;
    private final List<Buffer> buffers = new ArrayList<>(); // the last is the largest; kernels hold the others
    private final List<Buffer> zeros = new ArrayList<>();

    Scratch(Device device) {
        this.device = device;
        lock = new Object();
    }

    /** Makes other memory of the same device, for steps around those that use {@code inner}. */
    Scratch(Scratch inner) {
        device = inner.device;
        lock = inner.lock;
    }

    /** Returns a buffer of {@code bytes} at least, with undefined content. Other steps write to it too. */
    synchronized Buffer reserve(long bytes) {
        if (buffers.isEmpty() || buffers.getLast().bytes() < bytes) buffers.add(device.allocate(rounded(bytes)));
        return buffers.getLast();
    }

    /** Returns a buffer of {@code bytes} at least that is all zero and stays so. */
    synchronized Buffer zeros(long bytes) {
        if (zeros.isEmpty() || zeros.getLast().bytes() < bytes) {
            Buffer fresh = device.allocate(rounded(bytes));
            device.clear(fresh, 0, fresh.bytes());
            zeros.add(fresh);
        }
        return zeros.getLast();
    }

    /** Small ones double, so that there are few. */
    private static long rounded(long bytes) {
        return bytes > SMALL ? bytes : Math.max(1 << 16, Long.highestOneBit(Math.max(1, bytes - 1)) << 1);
    }

    /**
     * Returns one kernel that launches all, with no other step of this kind in between. A single one is kept apart from
     * others, too: a call of a library can be several launches.
     */
    Kernel together(Kernel... kernels) {
        return () -> {
            synchronized (lock) {
                for (Kernel kernel : kernels) kernel.run();
            }
        };
    }

    /** Launches a kernel with no other step of this kind in between. */
    void alone(Kernel kernel) {
        synchronized (lock) {
            kernel.run();
        }
    }

    void close() {
        buffers.forEach(device::free);
        zeros.forEach(device::free);
    }
}
