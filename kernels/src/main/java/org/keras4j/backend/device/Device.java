package org.keras4j.backend.device;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.Recording;

/**
 * A device: memory, a compiler, and one queue on which everything runs in the order in which it was asked for. Methods
 * may be called from several threads at once.
 */
public interface Device extends AutoCloseable {
    Traits traits();

    /**
     * Returns at least {@code bytes} of memory, with undefined content. It is freed by itself when neither the buffer
     * nor a kernel that was bound to it can be reached any more.
     *
     * @throws OutOfDeviceMemoryException if there is not as much left; the device stays usable
     */
    Buffer allocate(long bytes);

    /** Gives memory back once what was queued before is done. */
    void free(Buffer buffer);

    /** Copies to the device; {@code from} (a Java array or native memory) may be changed when the call returns. */
    void write(MemorySegment from, Buffer to, long toByte);

    /**
     * Copies rows of {@code from} to one place after the other; {@code from} may be changed when the call returns.
     *
     * @param rowBytes the size of a row
     * @param rows numbers of rows, of which the first {@code count} are taken
     */
    default void writeRows(MemorySegment from, long rowBytes, int[] rows, int count, Buffer to, long toByte) {
        for (int i = 0; i < count; ) {
            int run = Transfers.run(rows, i, count);
            write(from.asSlice(rows[i] * rowBytes, run * rowBytes), to, toByte + i * rowBytes);
            i += run;
        }
    }

    /** Copies from the device, after everything queued before, and waits for it. */
    void read(Buffer from, long fromByte, MemorySegment to);

    /** Prepares a copy inside the device; the ranges do not overlap. */
    Kernel copy(Buffer from, long fromByte, Buffer to, long toByte, long bytes);

    /** Queues the filling of bytes with zero. */
    void clear(Buffer buffer, long fromByte, long bytes);

    /**
     * Compiles, or takes what was compiled before from the cache on disk.
     *
     * @throws KernelCompilationException with the lines of the compiler's log that matter
     */
    Program compile(Source source);

    /**
     * Records what {@code all} queues, instead of running it; empty if the device cannot, or if {@code all} does what
     * cannot be recorded: copies from and to the host, allocations, waiting.
     */
    default Optional<Recording> record(Kernel all) {
        return Optional.empty();
    }

    /** Waits until everything queued is done. */
    void finish();

    @Override
    void close();
}
