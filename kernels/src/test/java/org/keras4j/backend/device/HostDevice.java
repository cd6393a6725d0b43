package org.keras4j.backend.device;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.List;
import org.keras4j.backend.Kernel;

/**
 * The host as a device: kernels are compiled in the host dialect and run at once, by one thread. It is slow, and
 * strict: buffers and local memory come full of NaN and variables with 0xfe in all bytes, so that results show what was
 * read before it was written; and what a kernel writes beyond a buffer is found when the buffer is freed.
 */
@SuppressWarnings("restricted") // calling compiled kernels is what this class is for
final class HostDevice implements Device {
    private static final int GUARD = 256;
    private static final byte FRESH = -1; // NaN as a float
    private static final Object ONE_AT_A_TIME = new Object(); // local memory is static in the host dialect

    private final Traits traits;
    private final HostCompiler compiler;
    private final Path runtime;
    private final MethodHandle run;

    /** Opens the host with the kernels of CPUs or of GPUs; {@code options} are g++'s. */
    HostDevice(boolean cpu, List<String> options) {
        traits = new Traits(
                Dialect.HOST, "host dialect", "host dialect", cpu, 2, 1024, 48 << 10, true, 4L << 30, 1L << 30);
        compiler = new HostCompiler(Path.of("target", "host-kernels"), options);
        runtime = compiler.resource("host_runtime.cpp");
        run = Linker.nativeLinker()
                .downcallHandle(
                        SymbolLookup.libraryLookup(runtime, Arena.global()).findOrThrow("host_run"),
                        FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_INT));
    }

    /** Memory between guards. */
    private record HostBuffer(MemorySegment all, long bytes) implements Buffer {
        MemorySegment part(long from, long size) {
            return all.asSlice(GUARD, bytes).asSlice(from, size);
        }
    }

    @Override
    public Traits traits() {
        return traits;
    }

    @Override
    public Buffer allocate(long bytes) {
        MemorySegment all = Arena.ofAuto().allocate(bytes + 2 * GUARD, GUARD);
        all.fill(FRESH);
        return new HostBuffer(all, bytes);
    }

    @Override
    public void free(Buffer buffer) {
        var host = (HostBuffer) buffer;
        for (int i = 0; i < GUARD; i++)
            if (host.all.get(JAVA_BYTE, i) != FRESH || host.all.get(JAVA_BYTE, GUARD + host.bytes + i) != FRESH)
                throw new AssertionError("A kernel wrote outside its buffer of " + host.bytes + " bytes");
    }

    @Override
    public void write(MemorySegment from, Buffer to, long toByte) {
        ((HostBuffer) to).part(toByte, from.byteSize()).copyFrom(from);
    }

    @Override
    public void read(Buffer from, long fromByte, MemorySegment to) {
        to.copyFrom(((HostBuffer) from).part(fromByte, to.byteSize()));
    }

    @Override
    public Kernel copy(Buffer from, long fromByte, Buffer to, long toByte, long bytes) {
        MemorySegment source = ((HostBuffer) from).part(fromByte, bytes);
        MemorySegment target = ((HostBuffer) to).part(toByte, bytes);
        return () -> target.copyFrom(source);
    }

    @Override
    public void clear(Buffer buffer, long fromByte, long bytes) {
        ((HostBuffer) buffer).part(fromByte, bytes).fill((byte) 0);
    }

    @Override
    public Program compile(Source source) {
        Path library = compiler.library(source.name(), source.text(), runtime);
        SymbolLookup symbols = SymbolLookup.libraryLookup(library, Arena.global());
        String word = "BARRIER()";
        boolean barriers = source.text().indexOf(word) != source.text().lastIndexOf(word); // the first defines it
        return (function, grid, arguments) ->
                bind(source.name() + ": " + function, symbols, function, grid, barriers, arguments);
    }

    private Kernel bind(
            String name, SymbolLookup symbols, String symbol, Grid grid, boolean barriers, Argument... arguments) {
        MemorySegment function = symbols.findOrThrow(symbol);
        MemorySegment fresh = symbols.findOrThrow("host_fresh_local_memory");
        Arena arena = Arena.ofAuto();
        MemorySegment values = arena.allocate(JAVA_LONG, 64);
        int at = 0;
        for (Argument argument : arguments)
            switch (argument) {
                case Argument.Place(Buffer buffer, long offset) -> {
                    values.setAtIndex(
                            JAVA_LONG, at++, ((HostBuffer) buffer).part(0, 0).address());
                    values.setAtIndex(JAVA_LONG, at++, offset);
                }
                case Argument.Int(int value) -> values.setAtIndex(JAVA_LONG, at++, value);
                case Argument.Long(long value) -> values.setAtIndex(JAVA_LONG, at++, value);
            }
        MemorySegment sizes = arena.allocateFrom(
                JAVA_INT, grid.groupsX(), grid.groupsY(), grid.groupsZ(), grid.sizeX(), grid.sizeY(), grid.sizeZ());
        List<Argument> held = List.of(arguments); // the buffers live as long as the kernel
        return () -> {
            if (launch(function, fresh, values, sizes, barriers) != 0)
                throw new AssertionError(name + ": not all work-items came to a barrier, with " + held);
        };
    }

    private int launch(
            MemorySegment function, MemorySegment fresh, MemorySegment values, MemorySegment sizes, boolean barriers) {
        synchronized (ONE_AT_A_TIME) {
            try {
                return (int) run.invokeExact(function, fresh, values, sizes, barriers ? 1 : 0);
            } catch (Throwable e) {
                throw new AssertionError(e);
            }
        }
    }

    @Override
    public void finish() {}

    @Override
    public void close() {}
}
