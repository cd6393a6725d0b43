package org.keras4j.backend.opencl;

import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicInteger;
import org.jocl.CL;
import org.jocl.CLException;
import org.jocl.Pointer;
import org.jocl.cl_command_queue;
import org.jocl.cl_context;
import org.jocl.cl_event;
import org.jocl.cl_kernel;
import org.jocl.cl_mem;

/**
 * The in-order queue of a device. Drivers may sit on what is queued until they are told to begin, so it is told now and
 * then; and the program never gets more than some thousand commands ahead of the device.
 */
final class CommandQueue implements AutoCloseable {
    private static final int FLUSH_EVERY = 32;
    private static final int MARK_EVERY = 1024;
    private static final int MOST_MARKS = 4;

    private final String device;
    private final cl_command_queue queue;
    private final AtomicInteger queued = new AtomicInteger();
    private final ArrayDeque<cl_event> marks = new ArrayDeque<>(MOST_MARKS);
    private volatile boolean busy;

    @SuppressWarnings("deprecation") // OpenCL 1.2 has no other way to make a queue
    CommandQueue(DeviceInfo device, cl_context context) {
        this.device = device.name();
        queue = CL.clCreateCommandQueue(context, device.id(), 0, null);
    }

    cl_command_queue id() {
        return queue;
    }

    /** Says whether something may be queued that is not done; false only when all is done. */
    boolean isBusy() {
        return busy;
    }

    /** Queues a kernel; {@code name} is for error messages. */
    void launch(String name, cl_kernel kernel, long[] global, long[] local) {
        try {
            CL.clEnqueueNDRangeKernel(queue, kernel, global.length, null, global, local, 0, null, null);
        } catch (CLException e) {
            throw OpenClErrors.of(device, "starting kernel " + name, e);
        }
        count();
    }

    void copy(cl_mem from, long fromByte, cl_mem to, long toByte, long bytes) {
        try {
            CL.clEnqueueCopyBuffer(queue, from, to, fromByte, toByte, bytes, 0, null, null);
        } catch (CLException e) {
            throw OpenClErrors.of(device, "copying " + bytes + " bytes", e);
        }
        count();
    }

    void clear(cl_mem memory, long fromByte, long bytes) {
        long pattern = Long.lowestOneBit(Integer.BYTES | fromByte | bytes); // divides both
        try {
            CL.clEnqueueFillBuffer(queue, memory, Pointer.to(new int[1]), pattern, fromByte, bytes, 0, null, null);
        } catch (CLException e) {
            throw OpenClErrors.of(device, "clearing " + bytes + " bytes", e);
        }
        count();
    }

    /** Makes the driver give memory to a new buffer now: GPUs do at first use, too late to say that there is none. */
    void claim(cl_mem made) {
        CL.clEnqueueMigrateMemObjects(
                queue, 1, new cl_mem[] {made}, CL.CL_MIGRATE_MEM_OBJECT_CONTENT_UNDEFINED, 0, null, null);
        count();
    }

    /** Notes that a command was queued. */
    void count() {
        busy = true;
        int n = queued.incrementAndGet();
        if (n % FLUSH_EVERY == 0) flush();
        if (n % MARK_EVERY == 0) mark();
    }

    void flush() {
        CL.clFlush(queue);
    }

    private void mark() {
        cl_event oldest = null;
        var mark = new cl_event();
        CL.clEnqueueMarkerWithWaitList(queue, 0, null, mark);
        synchronized (marks) {
            marks.addLast(mark);
            if (marks.size() > MOST_MARKS) oldest = marks.pollFirst();
        }
        if (oldest != null) await(oldest);
    }

    /** Waits for an event and releases it. */
    void await(cl_event event) {
        try {
            CL.clWaitForEvents(1, new cl_event[] {event});
        } catch (CLException e) {
            throw OpenClErrors.of(device, "waiting for kernels", e);
        } finally {
            CL.clReleaseEvent(event);
        }
    }

    void finish() {
        try {
            busy = false;
            CL.clFinish(queue);
        } catch (CLException e) {
            busy = true;
            throw OpenClErrors.of(device, "waiting for kernels", e);
        }
    }

    @Override
    public void close() {
        synchronized (marks) {
            marks.forEach(CL::clReleaseEvent);
            marks.clear();
        }
        CL.clReleaseCommandQueue(queue);
    }
}
