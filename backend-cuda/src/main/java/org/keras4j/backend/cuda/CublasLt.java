package org.keras4j.backend.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.keras4j.backend.device.Buffer;

/** The functions of cuBLASLt that are used, with the numbers of its header. Handles are longs. */
final class CublasLt {
    static final int REAL_32 = 0;
    static final int REAL_64 = 1;
    static final int REAL_16 = 2;
    static final int BRAIN_16 = 14; // bfloat16
    static final int COMPUTE_32 = 68;
    static final int COMPUTE_32_FAST_TF32 = 77;
    static final int COMPUTE_64 = 70;

    static final int DESC_TRANSPOSE_A = 3;
    static final int DESC_TRANSPOSE_B = 4;
    static final int DESC_EPILOGUE = 7;
    static final int DESC_BIAS_POINTER = 8;
    static final int EPILOGUE_RELU = 2;
    static final int EPILOGUE_BIAS = 4;
    static final int LAYOUT_BATCH_COUNT = 5;
    static final int LAYOUT_BATCH_STRIDE = 6;
    static final int PREFERENCE_WORKSPACE = 1;
    static final int[] PREFERENCE_ALIGNMENTS = {5, 6, 7, 8}; // of A, B, C, D

    /** Bytes of a heuristic's result: the algorithm (64), its workspace (8), a status (4), and what is not read. */
    static final int RESULT_BYTES = 96;

    static final int ALGORITHM_BYTES = 64;

    private static final int RESULT_STATE = 72;

    private final String version;
    private final MethodHandle create;
    private final MethodHandle destroy;
    private final MethodHandle descriptorCreate;
    private final MethodHandle descriptorSet;
    private final MethodHandle layoutCreate;
    private final MethodHandle layoutSet;
    private final MethodHandle preferenceCreate;
    private final MethodHandle preferenceSet;
    private final MethodHandle heuristic;
    private final MethodHandle check;
    private final MethodHandle multiply;
    private final MethodHandle descriptorDestroy;
    private final MethodHandle layoutDestroy;
    private final MethodHandle preferenceDestroy;

    CublasLt(NativeLibrary library) {
        version = version(library);
        create = library.function("cublasLtCreate", ADDRESS);
        destroy = library.function("cublasLtDestroy", JAVA_LONG);
        descriptorCreate = library.function("cublasLtMatmulDescCreate", ADDRESS, JAVA_INT, JAVA_INT);
        descriptorSet = library.function("cublasLtMatmulDescSetAttribute", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
        descriptorDestroy = library.function("cublasLtMatmulDescDestroy", JAVA_LONG);
        layoutCreate =
                library.function("cublasLtMatrixLayoutCreate", ADDRESS, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG);
        layoutSet = library.function("cublasLtMatrixLayoutSetAttribute", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
        layoutDestroy = library.function("cublasLtMatrixLayoutDestroy", JAVA_LONG);
        preferenceCreate = library.function("cublasLtMatmulPreferenceCreate", ADDRESS);
        preferenceSet =
                library.function("cublasLtMatmulPreferenceSetAttribute", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
        preferenceDestroy = library.function("cublasLtMatmulPreferenceDestroy", JAVA_LONG);
        heuristic = library.function(
                "cublasLtMatmulAlgoGetHeuristic",
                JAVA_LONG, // handle
                JAVA_LONG, // operation
                JAVA_LONG, // layouts of A, B, C, D
                JAVA_LONG,
                JAVA_LONG,
                JAVA_LONG,
                JAVA_LONG, // preference
                JAVA_INT,
                ADDRESS,
                ADDRESS);
        check = library.function(
                "cublasLtMatmulAlgoCheck",
                JAVA_LONG, // handle
                JAVA_LONG, // operation
                JAVA_LONG, // layouts of A, B, C, D
                JAVA_LONG,
                JAVA_LONG,
                JAVA_LONG,
                ADDRESS, // algorithm
                ADDRESS);
        multiply = library.function(
                "cublasLtMatmul",
                JAVA_LONG, // handle
                JAVA_LONG, // operation
                ADDRESS, // alpha
                JAVA_LONG, // A
                JAVA_LONG,
                JAVA_LONG, // B
                JAVA_LONG,
                ADDRESS, // beta
                JAVA_LONG, // C
                JAVA_LONG,
                JAVA_LONG, // D
                JAVA_LONG,
                ADDRESS, // algorithm
                JAVA_LONG, // workspace
                JAVA_LONG,
                JAVA_LONG); // stream
    }

    /** Reads the version, such as "13.1.1". Version 12 counts 10000 for its first number, 13 likewise. */
    private static String version(NativeLibrary library) {
        try {
            MethodHandle get = library.function("cublasLtGetVersion", FunctionDescriptor.of(JAVA_LONG));
            long number = (long) get.invokeExact();
            return number / 10_000 + "." + number / 100 % 100 + "." + number % 100;
        } catch (Throwable e) {
            throw Foreign.unexpected(e);
        }
    }

    String version() {
        return version;
    }

    long create() {
        return made(slot -> (int) create.invokeExact(slot), "cublasLtCreate");
    }

    void destroy(long handle) {
        ignore(destroy, handle);
    }

    long descriptor(int compute, int scale) {
        return made(slot -> (int) descriptorCreate.invokeExact(slot, compute, scale), "cublasLtMatmulDescCreate");
    }

    void setDescriptor(long descriptor, int attribute, int value) {
        set(descriptorSet, descriptor, attribute, value);
    }

    void setDescriptor(long descriptor, int attribute, long value) {
        set(descriptorSet, descriptor, attribute, value);
    }

    long layout(int type, long rows, long columns, long leading) {
        return made(
                slot -> (int) layoutCreate.invokeExact(slot, type, rows, columns, leading),
                "cublasLtMatrixLayoutCreate");
    }

    void setLayout(long layout, int attribute, int value) {
        set(layoutSet, layout, attribute, value);
    }

    void setLayout(long layout, int attribute, long value) {
        set(layoutSet, layout, attribute, value);
    }

    long preference() {
        return made(slot -> (int) preferenceCreate.invokeExact(slot), "cublasLtMatmulPreferenceCreate");
    }

    void setPreference(long preference, int attribute, int value) {
        set(preferenceSet, preference, attribute, value);
    }

    void setPreference(long preference, int attribute, long value) {
        set(preferenceSet, preference, attribute, value);
    }

    void destroyDescriptor(long descriptor) {
        ignore(descriptorDestroy, descriptor);
    }

    void destroyLayout(long layout) {
        ignore(layoutDestroy, layout);
    }

    void destroyPreference(long preference) {
        ignore(preferenceDestroy, preference);
    }

    /**
     * Writes the most promising algorithms to {@code results} and returns how many; 0 where none does it. Those behind one
     * that the library has suggested and found not to fit are left out.
     */
    int algorithms(
            long handle, long operation, long a, long b, long d, long preference, MemorySegment results, int most) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment found = arena.allocate(JAVA_INT);
            int code = (int) heuristic.invokeExact(handle, operation, a, b, d, d, preference, most, results, found);
            if (code != 0) return 0;
            int good = 0;
            while (good < found.get(JAVA_INT, 0)
                    && results.get(JAVA_INT, (long) good * RESULT_BYTES + RESULT_STATE) == 0) good++;
            return good;
        } catch (Throwable e) {
            throw Foreign.unexpected(e);
        }
    }

    /** Says whether an algorithm that was kept does a product with this much workspace at most. */
    boolean takes(long handle, MatrixProduct p, MemorySegment algorithm, long workspaceBytes) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment result = arena.allocate(RESULT_BYTES, 16);
            int code = (int) check.invokeExact(
                    handle, p.operation, p.layoutA, p.layoutB, p.layoutD, p.layoutD, algorithm, result);
            return code == 0 && result.get(JAVA_LONG, ALGORITHM_BYTES) <= workspaceBytes;
        } catch (Throwable e) {
            throw Foreign.unexpected(e);
        }
    }

    /** Queues D = alpha op(A) op(B) + beta D with an algorithm of {@link #algorithms}. Returns the status. */
    int multiply(long handle, MatrixProduct p, MemorySegment algorithm, long d, Buffer workspace, long stream) {
        try {
            return (int) multiply.invokeExact(
                    handle,
                    p.operation,
                    p.alpha,
                    p.a,
                    p.layoutA,
                    p.b,
                    p.layoutB,
                    p.beta,
                    d,
                    p.layoutD,
                    d,
                    p.layoutD,
                    algorithm,
                    ((CudaBuffer) workspace).address(),
                    workspace.bytes(),
                    stream);
        } catch (Throwable e) {
            throw Foreign.unexpected(e);
        }
    }

    private interface Maker {
        int make(MemorySegment slot) throws Throwable;
    }

    private static long made(Maker maker, String what) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment slot = Foreign.slot(arena);
            check(maker.make(slot), what);
            return Foreign.read(slot);
        } catch (Throwable e) {
            throw Foreign.unexpected(e);
        }
    }

    private static void set(MethodHandle function, long object, int attribute, int value) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment place = arena.allocate(JAVA_INT);
            place.set(JAVA_INT, 0, value);
            check((int) function.invokeExact(object, attribute, place, 4L), "attribute " + attribute);
        } catch (Throwable e) {
            throw Foreign.unexpected(e);
        }
    }

    private static void set(MethodHandle function, long object, int attribute, long value) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment place = arena.allocate(JAVA_LONG);
            place.set(JAVA_LONG, 0, value);
            check((int) function.invokeExact(object, attribute, place, 8L), "attribute " + attribute);
        } catch (Throwable e) {
            throw Foreign.unexpected(e);
        }
    }

    private static void ignore(MethodHandle function, long object) {
        try {
            int ignored = (int) function.invokeExact(object);
        } catch (Throwable e) {
            throw Foreign.unexpected(e);
        }
    }

    static void check(int code, String what) {
        if (code != 0) throw new CudaException(code, "cuBLASLt: " + what + " failed with status " + code);
    }
}
