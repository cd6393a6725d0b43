package org.keras4j.backend.opencl;

import java.lang.foreign.MemorySegment;
import org.jocl.CL;
import org.jocl.CLException;
import org.jocl.Pointer;
import org.jocl.cl_context;
import org.jocl.cl_context_properties;
import org.jocl.cl_device_id;
import org.jocl.cl_mem;
import org.jspecify.annotations.Nullable;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.device.BinaryCache;
import org.keras4j.backend.device.Buffer;
import org.keras4j.backend.device.Device;
import org.keras4j.backend.device.Dialect;
import org.keras4j.backend.device.Program;
import org.keras4j.backend.device.Source;
import org.keras4j.backend.device.Traits;
import org.keras4j.backend.device.Transfers;

/** One OpenCL device with a context and one in-order queue. */
final class OpenClDevice implements Device {
    private static final long MOST_MAPPED = 1 << 28;
    private static final long MOST_READ = 4 << 20;

    private final DeviceInfo info;
    private final Traits traits;
    private final cl_context context;
    private final CommandQueue queue;
    private final DeviceHeap heap;
    private final Staging staging;
    private final Compiler compiler;

    OpenClDevice(DeviceInfo info) {
        this(info, info.memoryBytes(), keepsPrograms(info) ? null : new BinaryCache(key(info)));
    }

    /**
     * Says whether the driver keeps what it builds. PoCL does, kernel by kernel; asked for binaries it would compile
     * all kernels of a program, most of which nobody starts.
     */
    private static boolean keepsPrograms(DeviceInfo info) {
        return info.platform().equals("Portable Computing Language");
    }

    /**
     * Opens a device, of whose memory at most {@code limit} bytes are used; programs are kept in {@code cache} if any.
     */
    OpenClDevice(DeviceInfo info, long limit, @Nullable BinaryCache cache) {
        this.info = info;
        this.traits = traits(info);
        var properties = new cl_context_properties();
        properties.addProperty(CL.CL_CONTEXT_PLATFORM, info.platformId());
        context = CL.clCreateContext(properties, 1, new cl_device_id[] {info.id()}, null, null, null);
        queue = new CommandQueue(info, context);
        heap = new DeviceHeap(info, context, queue, limit, limit / 4);
        staging = new Staging(info, context, queue);
        compiler = new Compiler(info, context, cache);
    }

    private static String key(DeviceInfo info) {
        return String.join("|", info.platform(), info.name(), info.version(), info.driver());
    }

    private static Traits traits(DeviceInfo info) {
        return new Traits(
                Dialect.OPENCL,
                info.name(),
                key(info),
                info.kind() == DeviceInfo.Kind.CPU,
                info.units(),
                (int) DeviceInfo.number(info.id(), CL.CL_DEVICE_MAX_WORK_GROUP_SIZE),
                DeviceInfo.number(info.id(), CL.CL_DEVICE_LOCAL_MEM_SIZE),
                DeviceInfo.text(info.id(), CL.CL_DEVICE_EXTENSIONS).contains("cl_khr_fp64"),
                info.memoryBytes(),
                info.maxAllocation());
    }

    @Override
    public Traits traits() {
        return traits;
    }

    DeviceHeap heap() {
        return heap;
    }

    cl_context context() {
        return context;
    }

    @Override
    public Buffer allocate(long bytes) {
        return heap.allocate(bytes);
    }

    @Override
    public void free(Buffer buffer) {
        ((OpenClBuffer) buffer).free();
    }

    private static cl_mem memory(Buffer buffer) {
        return ((OpenClBuffer) buffer).memory();
    }

    @Override
    public void write(MemorySegment from, Buffer to, long toByte) {
        write((at, part) -> part.copyFrom(from.asSlice(at, part.byteSize())), from.byteSize(), to, toByte);
    }

    @Override
    public void writeRows(MemorySegment from, long rowBytes, int[] rows, int count, Buffer to, long toByte) {
        write((at, part) -> Transfers.gather(from, rowBytes, rows, at, part), rowBytes * count, to, toByte);
    }

    /** Where device and host share memory and nothing is under way, the content is written in place. */
    private void write(Staging.Content content, long bytes, Buffer to, long toByte) {
        if (bytes == 0) return;
        if (!info.shared() || queue.isBusy()) {
            staging.write(content, bytes, memory(to), toByte);
            return;
        }
        try {
            for (long at = 0; at < bytes; at += MOST_MAPPED)
                Staging.fill(queue, memory(to), toByte + at, Math.min(MOST_MAPPED, bytes - at), content, at);
        } catch (CLException e) {
            throw OpenClErrors.of(info.name(), "writing " + bytes + " bytes", e);
        }
    }

    @Override
    public void read(Buffer from, long fromByte, MemorySegment to) {
        queue.finish();
        long most = info.shared() ? MOST_MAPPED : MOST_READ;
        try {
            for (long at = 0; at < to.byteSize(); at += most) {
                MemorySegment part = to.asSlice(at, Math.min(most, to.byteSize() - at));
                if (info.shared()) readInPlace(memory(from), fromByte + at, part);
                else
                    CL.clEnqueueReadBuffer(
                            queue.id(),
                            memory(from),
                            true,
                            fromByte + at,
                            part.byteSize(),
                            pointer(part),
                            0,
                            null,
                            null);
            }
        } catch (CLException e) {
            throw OpenClErrors.of(info.name(), "reading " + to.byteSize() + " bytes", e);
        }
    }

    private void readInPlace(cl_mem from, long fromByte, MemorySegment to) {
        var mapped = CL.clEnqueueMapBuffer(
                queue.id(), from, true, CL.CL_MAP_READ, fromByte, to.byteSize(), 0, null, null, null);
        to.copyFrom(MemorySegment.ofBuffer(mapped));
        CL.clEnqueueUnmapMemObject(queue.id(), from, mapped, 0, null, null);
    }

    /** The garbage collector waits while the driver has an array, which is why reads are in pieces. */
    private static Pointer pointer(MemorySegment segment) {
        Object array = segment.heapBase().orElse(null);
        return switch (array) {
            case float[] a -> Pointer.to(a).withByteOffset(segment.address());
            case double[] a -> Pointer.to(a).withByteOffset(segment.address());
            case int[] a -> Pointer.to(a).withByteOffset(segment.address());
            case long[] a -> Pointer.to(a).withByteOffset(segment.address());
            case null, default -> Pointer.to(segment.asByteBuffer());
        };
    }

    @Override
    public Kernel copy(Buffer from, long fromByte, Buffer to, long toByte, long bytes) {
        return () -> queue.copy(memory(from), fromByte, memory(to), toByte, bytes);
    }

    @Override
    public void clear(Buffer buffer, long fromByte, long bytes) {
        queue.clear(memory(buffer), fromByte, bytes);
    }

    @Override
    public Program compile(Source source) {
        return new OpenClProgram(info.name(), queue, compiler.compile(source));
    }

    @Override
    public void finish() {
        queue.finish();
    }

    @Override
    public void close() {
        queue.finish();
        heap.close();
        staging.close();
        queue.close();
        CL.clReleaseContext(context);
    }
}
