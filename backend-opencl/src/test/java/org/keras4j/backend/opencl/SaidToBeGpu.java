package org.keras4j.backend.opencl;

import java.lang.foreign.MemorySegment;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.device.Buffer;
import org.keras4j.backend.device.Device;
import org.keras4j.backend.device.Program;
import org.keras4j.backend.device.Source;
import org.keras4j.backend.device.Traits;

/** A device that says that it is no CPU, so that it gets the kernels of GPUs. */
record SaidToBeGpu(Device device) implements Device {
    @Override
    public Traits traits() {
        Traits t = device.traits();
        return new Traits(
                t.dialect(),
                "Said to be a GPU", // tuned for short compiling times
                t.key(),
                false,
                t.units(),
                t.maxGroup(),
                t.localBytes(),
                t.doubles(),
                t.memoryBytes(),
                t.maxAllocation());
    }

    @Override
    public Buffer allocate(long bytes) {
        return device.allocate(bytes);
    }

    @Override
    public void free(Buffer buffer) {
        device.free(buffer);
    }

    @Override
    public void write(MemorySegment from, Buffer to, long toByte) {
        device.write(from, to, toByte);
    }

    @Override
    public void read(Buffer from, long fromByte, MemorySegment to) {
        device.read(from, fromByte, to);
    }

    @Override
    public Kernel copy(Buffer from, long fromByte, Buffer to, long toByte, long bytes) {
        return device.copy(from, fromByte, to, toByte, bytes);
    }

    @Override
    public void clear(Buffer buffer, long fromByte, long bytes) {
        device.clear(buffer, fromByte, bytes);
    }

    @Override
    public Program compile(Source source) {
        return device.compile(source);
    }

    @Override
    public void finish() {
        device.finish();
    }

    @Override
    public void close() {
        device.close();
    }
}
