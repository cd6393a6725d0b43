package org.keras4j.perf.lab;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import org.keras4j.op.Op;

/**
 * The matrix product of CLBlast, an OpenCL library, on the first device of the first platform; only there to be
 * compared with. Memory is given back when the program ends.
 */
@SuppressWarnings("restricted") // calling native code is what this class is for
public final class ClBlast implements DotBenchmark.Multiplier {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;
    private static final MemoryLayout POINTER = ValueLayout.ADDRESS;
    private static final long ANY_DEVICE = 0xffff_ffffL;
    private static final long COPY_HOST = 1 << 5;
    private static final int ROW_MAJOR = 101;
    private static final int PLAIN = 111;
    private static final int TRANSPOSED = 112;

    private final Arena arena = Arena.global();
    private final SymbolLookup opencl = SymbolLookup.libraryLookup("libOpenCL.so.1", arena);
    private final SymbolLookup clblast = SymbolLookup.libraryLookup("libclblast.so.1", arena);
    private final MethodHandle createBuffer =
            function(opencl, "clCreateBuffer", POINTER, POINTER, LONG, LONG, POINTER, POINTER);
    private final MethodHandle finish = function(opencl, "clFinish", INT, POINTER);
    private final MethodHandle sgemm = function(
            clblast,
            "CLBlastSgemm",
            INT,
            INT,
            INT,
            INT,
            LONG,
            LONG,
            LONG,
            FLOAT,
            POINTER,
            LONG,
            LONG,
            POINTER,
            LONG,
            LONG,
            FLOAT,
            POINTER,
            LONG,
            LONG,
            POINTER,
            POINTER);
    private final MemorySegment context;
    private final MemorySegment queue;

    private ClBlast() throws Throwable {
        MemorySegment platform = arena.allocate(POINTER);
        check((int) function(opencl, "clGetPlatformIDs", INT, INT, POINTER, POINTER)
                .invokeExact(1, platform, MemorySegment.NULL));
        MemorySegment device = arena.allocate(POINTER);
        check((int) function(opencl, "clGetDeviceIDs", INT, POINTER, LONG, INT, POINTER, POINTER)
                .invokeExact(pointer(platform), ANY_DEVICE, 1, device, MemorySegment.NULL));
        context = (MemorySegment) function(
                        opencl, "clCreateContext", POINTER, POINTER, INT, POINTER, POINTER, POINTER, POINTER)
                .invokeExact(MemorySegment.NULL, 1, device, MemorySegment.NULL, MemorySegment.NULL, MemorySegment.NULL);
        queue = (MemorySegment) function(opencl, "clCreateCommandQueue", POINTER, POINTER, POINTER, LONG, POINTER)
                .invokeExact(context, pointer(device), 0L, MemorySegment.NULL);
    }

    /** Returns CLBlast, if its library and a device are here. */
    public static Optional<ClBlast> find() {
        try {
            return Optional.of(new ClBlast());
        } catch (Throwable e) {
            System.err.println("CLBlast is left out: " + e.getMessage());
            return Optional.empty();
        }
    }

    @Override
    public String name() {
        return "CLBlast";
    }

    @Override
    public DotBenchmark.Run prepare(Op.Dot op, int m, int n, int k) {
        MemorySegment a = buffer(m * k);
        MemorySegment b = buffer(k * n);
        MemorySegment c = buffer(m * n);
        MemorySegment place = arena.allocate(POINTER);
        place.set(ValueLayout.ADDRESS, 0, queue);
        int ta = op.transposeA() ? TRANSPOSED : PLAIN;
        int tb = op.transposeB() ? TRANSPOSED : PLAIN;
        long lda = op.transposeA() ? m : k;
        long ldb = op.transposeB() ? k : n;
        return times -> {
            try {
                for (int i = 0; i < times; i++)
                    check((int) sgemm.invokeExact(
                            ROW_MAJOR,
                            ta,
                            tb,
                            (long) m,
                            (long) n,
                            (long) k,
                            1f,
                            a,
                            0L,
                            lda,
                            b,
                            0L,
                            ldb,
                            0f,
                            c,
                            0L,
                            (long) n,
                            place,
                            MemorySegment.NULL));
                check((int) finish.invokeExact(queue));
            } catch (Throwable e) {
                throw new IllegalStateException("CLBlast failed", e);
            }
        };
    }

    private MemorySegment buffer(int size) {
        try (Arena copied = Arena.ofConfined()) {
            MemorySegment values = copied.allocateFrom(FLOAT, SgemmBenchmark.random(size));
            return (MemorySegment)
                    createBuffer.invokeExact(context, COPY_HOST, values.byteSize(), values, MemorySegment.NULL);
        } catch (Throwable e) {
            throw new IllegalStateException("OpenCL has no buffer of " + size + " floats", e);
        }
    }

    private MemorySegment pointer(MemorySegment place) {
        return place.get(ValueLayout.ADDRESS, 0);
    }

    private static void check(int code) {
        if (code != 0) throw new IllegalStateException("OpenCL or CLBlast answered " + code);
    }

    private static MethodHandle function(
            SymbolLookup library, String name, MemoryLayout result, MemoryLayout... arguments) {
        return Linker.nativeLinker()
                .downcallHandle(library.findOrThrow(name), FunctionDescriptor.of(result, arguments));
    }
}
