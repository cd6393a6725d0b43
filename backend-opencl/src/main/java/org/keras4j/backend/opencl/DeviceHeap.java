package org.keras4j.backend.opencl;

import java.util.concurrent.locks.LockSupport;
import org.jocl.CL;
import org.jocl.CLException;
import org.jocl.cl_context;
import org.jocl.cl_mem;
import org.jspecify.annotations.Nullable;
import org.keras4j.backend.device.OutOfDeviceMemoryException;

/**
 * The memory of a device. Before it says that there is none left it empties the pool, and then has the garbage
 * collector find buffers that nobody uses any more.
 */
final class DeviceHeap {
    private static final int WAITS = 20;
    private static final long WAIT_NANOS = 5_000_000;

    private final String device;
    private final cl_context context;
    private final CommandQueue queue;
    private final boolean shared;
    private final long limit;
    private final long largest;
    private final BufferPool pool;
    private long held;

    /**
     * Makes an empty heap.
     *
     * @param limit the most bytes to hold, the pool's included
     * @param pooled the most bytes that the pool keeps
     */
    DeviceHeap(DeviceInfo device, cl_context context, CommandQueue queue, long limit, long pooled) {
        this.device = device.name();
        this.context = context;
        this.queue = queue;
        this.shared = device.shared();
        this.limit = limit;
        this.largest = device.maxAllocation();
        this.pool = new BufferPool(pooled);
    }

    OpenClBuffer allocate(long bytes) {
        if (bytes > largest) throw OutOfDeviceMemoryException.tooLarge(device, bytes, largest);
        long size = Math.min(BufferPool.rounded(bytes), largest);
        OpenClBuffer.Block block = pool.take(size);
        if (block == null) block = create(size);
        if (block == null && empty()) block = create(size);
        for (int i = 0; block == null && i < WAITS; i++) {
            if (i == 0)
                System.gc(); // buffers that are unreachable are freed by a cleaner, some time after a collection
            LockSupport.parkNanos(WAIT_NANOS);
            empty();
            block = create(size);
        }
        if (block != null) return new OpenClBuffer(this, block);
        long now = held();
        throw new OutOfDeviceMemoryException(device, bytes, now, Math.max(0, limit - now));
    }

    private OpenClBuffer.@Nullable Block create(long bytes) {
        synchronized (this) {
            if (held + bytes > limit) return null;
            held += bytes;
        }
        cl_mem made = null;
        try {
            made = CL.clCreateBuffer(
                    context, CL.CL_MEM_READ_WRITE | (shared ? CL.CL_MEM_ALLOC_HOST_PTR : 0), bytes, null, null);
            if (!shared) queue.claim(made);
            return new OpenClBuffer.Block(made, bytes);
        } catch (CLException e) {
            if (made != null) CL.clReleaseMemObject(made);
            release(bytes);
            if (OpenClErrors.isOutOfMemory(e.getStatus())) return null;
            throw OpenClErrors.of(device, "allocating " + bytes + " bytes", e);
        }
    }

    /** Takes a block back; what is queued may still use it. */
    void give(OpenClBuffer.Block block) {
        if (!pool.keep(block)) release(block);
    }

    /** Empties the pool; false if there was nothing in it. */
    boolean empty() {
        boolean any = false;
        for (OpenClBuffer.Block block = pool.drain(); block != null; block = pool.drain()) {
            release(block);
            any = true;
        }
        if (any) queue.finish(); // the driver gives memory back when nothing queued uses it
        return any;
    }

    /** Gives everything in the pool back; blocks that are still in use follow when they are given back. */
    void close() {
        pool.close();
        for (OpenClBuffer.Block block = pool.drain(); block != null; block = pool.drain()) release(block);
    }

    private void release(OpenClBuffer.Block block) {
        CL.clReleaseMemObject(block.memory());
        release(block.bytes());
    }

    private synchronized void release(long bytes) {
        held -= bytes;
    }

    /** Returns the bytes of all blocks, the pool's included. */
    synchronized long held() {
        return held;
    }

    long pooled() {
        return pool.bytes();
    }
}
