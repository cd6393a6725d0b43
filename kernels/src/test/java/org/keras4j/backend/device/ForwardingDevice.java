package org.keras4j.backend.device;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.Recording;

/** A device that leaves everything to another; tests change what they look at. */
public abstract class ForwardingDevice implements Device {
    protected final Device device;

    protected ForwardingDevice(Device device) {
        this.device = device;
    }

    @Override
    public Traits traits() {
        return device.traits();
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
    public void writeRows(MemorySegment from, long rowBytes, int[] rows, int count, Buffer to, long toByte) {
        device.writeRows(from, rowBytes, rows, count, to, toByte);
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
    public Optional<Recording> record(Kernel all) {
        return device.record(all);
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
