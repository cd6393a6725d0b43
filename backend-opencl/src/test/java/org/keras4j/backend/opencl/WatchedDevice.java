package org.keras4j.backend.opencl;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.cl_context;
import org.jocl.cl_mem;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.device.Buffer;
import org.keras4j.backend.device.ForwardingDevice;
import org.keras4j.backend.device.Program;
import org.keras4j.backend.device.Source;
import org.keras4j.backend.device.Traits;

/**
 * A device whose buffers are as long as was asked for, not a byte more, so that what reads or writes beyond is seen;
 * and that notes which kernels were started. It gives nothing back and does one thing after the other: Oclgrind is not
 * safe for threads, such as those of cleaners.
 */
final class WatchedDevice extends ForwardingDevice {
    private final OpenClDevice opencl;
    private final cl_context context;
    private final CommandQueue writing;
    private final Traits traits;
    private final Set<String> started = new TreeSet<>();
    private final List<Object> kept = new ArrayList<>();

    /**
     * Opens the first device with the kernels of CPUs or of GPUs; {@code name} is what tuning numbers it is given by.
     */
    static WatchedDevice open(String name, boolean cpu) {
        DeviceInfo info = Platforms.devices().getFirst();
        return new WatchedDevice(info, new OpenClDevice(info), name, cpu);
    }

    private WatchedDevice(DeviceInfo info, OpenClDevice opencl, String name, boolean cpu) {
        super(opencl);
        this.opencl = opencl;
        this.context = opencl.context();
        this.writing = new CommandQueue(info, context);
        Traits t = device.traits();
        this.traits = new Traits(
                t.dialect(),
                name,
                t.key(),
                cpu,
                2,
                t.maxGroup(),
                t.localBytes(),
                t.doubles(),
                t.memoryBytes(),
                t.maxAllocation());
    }

    /** Returns the kernels that were started, each as {@code FILE FUNCTION}. */
    Set<String> started() {
        return started;
    }

    /** Says whether it is Oclgrind's. */
    boolean isOclgrind() {
        return device.traits().name().contains("Oclgrind");
    }

    @Override
    public Traits traits() {
        return traits;
    }

    @Override
    public Buffer allocate(long bytes) {
        cl_mem memory = CL.clCreateBuffer(context, CL.CL_MEM_READ_WRITE, bytes, null, null);
        return keep(new OpenClBuffer(opencl.heap(), new OpenClBuffer.Block(memory, bytes)));
    }

    private <T> T keep(T object) {
        kept.add(object);
        return object;
    }

    @Override
    public void free(Buffer buffer) {}

    @Override
    public void write(MemorySegment from, Buffer to, long toByte) {
        // JOCL does not wait in a thread of its own for the end of this, as it does when memory was mapped
        byte[] bytes = from.toArray(ValueLayout.JAVA_BYTE);
        device.finish();
        CL.clEnqueueWriteBuffer(
                writing.id(),
                ((OpenClBuffer) to).memory(),
                true,
                toByte,
                bytes.length,
                Pointer.to(bytes),
                0,
                null,
                null);
    }

    @Override
    public void writeRows(MemorySegment from, long rowBytes, int[] rows, int count, Buffer to, long toByte) {
        for (int i = 0; i < count; i++) write(from.asSlice(rows[i] * rowBytes, rowBytes), to, toByte + i * rowBytes);
    }

    @Override
    public void clear(Buffer buffer, long fromByte, long bytes) {
        write(MemorySegment.ofArray(new byte[Math.toIntExact(bytes)]), buffer, fromByte);
    }

    @Override
    public Program compile(Source source) {
        Program program = keep(device.compile(source));
        String file = source.name().split(" ")[0];
        return (function, grid, arguments) -> {
            Kernel kernel = keep(program.bind(function, grid, arguments));
            return () -> {
                started.add(file + " " + function);
                kernel.run();
                device.finish();
            };
        };
    }
}
