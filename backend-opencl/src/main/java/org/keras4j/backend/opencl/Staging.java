package org.keras4j.backend.opencl;

import java.lang.foreign.MemorySegment;
import org.jocl.CL;
import org.jocl.CLException;
import org.jocl.cl_context;
import org.jocl.cl_event;
import org.jocl.cl_mem;
import org.jspecify.annotations.Nullable;

/**
 * Host memory that a device reads from while the program goes on: slots that are used in turn. They are filled through
 * a queue of their own, so that the program waits only for the copy that used the slot before.
 */
final class Staging implements AutoCloseable {
    static final int SLOT_BYTES = 1 << 20;
    private static final int SLOTS = 16;

    private final String device;
    private final cl_context context;
    private final CommandQueue queue;
    private final CommandQueue filling;
    private final @Nullable cl_mem[] slots = new cl_mem[SLOTS];
    private final @Nullable cl_event[] inUse = new cl_event[SLOTS];
    private int next;

    Staging(DeviceInfo device, cl_context context, CommandQueue queue) {
        this.device = device.name();
        this.context = context;
        this.queue = queue;
        this.filling = new CommandQueue(device, context);
    }

    /** What is to be copied. */
    interface Content {
        /** Writes the bytes from {@code at} on that have room in {@code to}. */
        void write(long at, MemorySegment to);
    }

    /** Queues the copying of {@code bytes} of {@code content}, which may change when the call returns. */
    synchronized void write(Content content, long bytes, cl_mem to, long toByte) {
        try {
            for (long at = 0; at < bytes; at += SLOT_BYTES)
                writeSlot(content, at, Math.min(SLOT_BYTES, bytes - at), to, toByte + at);
            queue.flush();
        } catch (CLException e) {
            throw OpenClErrors.of(device, "writing " + bytes + " bytes", e);
        }
    }

    private void writeSlot(Content content, long at, long bytes, cl_mem to, long toByte) {
        int slot = next;
        next = (next + 1) % SLOTS;
        cl_event last = inUse[slot];
        inUse[slot] = null;
        if (last != null) queue.await(last);
        cl_mem memory = memory(slot);
        fill(filling, memory, 0, bytes, content, at);
        var filled = new cl_event();
        CL.clEnqueueMarkerWithWaitList(filling.id(), 0, null, filled);
        filling.flush();
        var copied = new cl_event();
        CL.clEnqueueCopyBuffer(queue.id(), memory, to, 0, toByte, bytes, 1, new cl_event[] {filled}, copied);
        CL.clReleaseEvent(filled);
        inUse[slot] = copied;
        queue.count();
    }

    private cl_mem memory(int slot) {
        cl_mem known = slots[slot];
        if (known != null) return known;
        cl_mem made =
                CL.clCreateBuffer(context, CL.CL_MEM_READ_ONLY | CL.CL_MEM_ALLOC_HOST_PTR, SLOT_BYTES, null, null);
        slots[slot] = made;
        return made;
    }

    /** Writes into a buffer through its own memory, in the order of the queue. */
    static void fill(CommandQueue queue, cl_mem memory, long fromByte, long bytes, Content content, long at) {
        var mapped = CL.clEnqueueMapBuffer(
                queue.id(), memory, true, CL.CL_MAP_WRITE_INVALIDATE_REGION, fromByte, bytes, 0, null, null, null);
        try {
            content.write(at, MemorySegment.ofBuffer(mapped));
        } finally {
            CL.clEnqueueUnmapMemObject(queue.id(), memory, mapped, 0, null, null);
        }
    }

    @Override
    public synchronized void close() {
        for (int i = 0; i < SLOTS; i++) {
            cl_event event = inUse[i];
            if (event != null) CL.clReleaseEvent(event);
            inUse[i] = null;
            cl_mem slot = slots[i];
            if (slot != null) CL.clReleaseMemObject(slot);
            slots[i] = null;
        }
        filling.close();
    }
}
