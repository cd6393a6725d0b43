package org.keras4j.backend.device;

import java.lang.foreign.MemorySegment;
import org.keras4j.backend.Kernel;

/**
 * Where kernels say that an index was out of range: four ints in device memory, which are FAULT in the dialects (0 or
 * 1), the index, the size of the axis, and a number of the operation. They are read when results are.
 */
final class Faults {
    private static final int INTS = 4;

    private final Device device;
    private final Buffer buffer;
    private volatile boolean suspicious;

    Faults(Device device) {
        this.device = device;
        this.buffer = device.allocate(INTS * 4);
        device.clear(buffer, 0, INTS * 4);
    }

    /** Returns the argument to give to kernels. */
    Argument.Place place() {
        return new Argument.Place(buffer, 0);
    }

    /** Returns {@code kernel}, with the word that it may report. */
    Kernel watch(Kernel kernel) {
        return () -> {
            suspicious = true;
            kernel.run();
        };
    }

    /** Throws what kernels have reported since the last call. */
    void check() {
        if (!suspicious) return;
        suspicious = false;
        int[] report = new int[INTS];
        device.read(buffer, 0, MemorySegment.ofArray(report));
        if (report[0] == 0) return;
        device.clear(buffer, 0, INTS * 4);
        throw new IndexOutOfBoundsException("Index " + report[1] + " is outside 0 to " + (report[2] - 1));
    }

    void close() {
        device.free(buffer);
    }
}
