package org.keras4j.backend.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.View;
import org.keras4j.backend.device.Buffer;
import org.keras4j.backend.device.DeviceMemory;
import org.keras4j.op.Op;

/** Matrix products by cuBLASLt: its handle, its workspace, and the algorithms that were chosen. */
final class Products {
    private static final long WORKSPACE_BYTES = 32L << 20; // what NVIDIA recommends for Hopper
    private static final int MOST_ALGORITHMS = 8;

    final CublasLt cublas;
    final boolean tf32;
    private final CudaDevice device;
    private final boolean autotune;
    private final long handle;
    private final Buffer workspace;
    private final Map<Problem, Integer> measured = new ConcurrentHashMap<>();

    Products(CudaDevice device, CublasLt cublas, CudaOptions options) {
        this.device = device;
        this.cublas = cublas;
        this.tf32 = options.tf32();
        this.autotune = options.autotune();
        device.enter();
        handle = cublas.create();
        workspace = device.allocate(Math.min(WORKSPACE_BYTES, device.traits().memoryBytes() / 64));
    }

    /** What the choice of an algorithm depends on. */
    record Problem(Op.Dot op, Shape a, Shape b, DType dtype, boolean bias, boolean relu) {}

    /** Says whether cuBLASLt multiplies such values. */
    static boolean takes(DType dtype, Shape a, Shape b) {
        return dtype.isFloating() && a.size() > 0 && b.size() > 0;
    }

    /**
     * Prepares {@code out = relu(a b + bias)}; the result is not yet rounded to a narrow type.
     *
     * @return empty if the library does not do it
     */
    Optional<Kernel> prepare(Op.Dot op, View a, View b, View out, @Nullable View bias, boolean relu) {
        if (!takes(out.dtype(), a.shape(), b.shape())) return Optional.empty();
        device.enter();
        try {
            return Optional.of(new MatrixProduct(this, op, a, b, out, bias, relu));
        } catch (RefusedException e) {
            System.getLogger(Products.class.getName()).log(System.Logger.Level.DEBUG, e.getMessage());
            return Optional.empty();
        }
    }

    static long address(View view) {
        var buffer = (CudaBuffer) ((DeviceMemory) view.memory()).buffer();
        return buffer.address() + view.offset() * view.memory().storage().bytes();
    }

    /** Returns the algorithm to use. */
    MemorySegment choose(MatrixProduct product, Problem problem) {
        int most = autotune ? MOST_ALGORITHMS : 1;
        MemorySegment results = Arena.ofAuto().allocate((long) MOST_ALGORITHMS * CublasLt.RESULT_BYTES, 16);
        long preference = cublas.preference();
        int found;
        try {
            cublas.setPreference(preference, CublasLt.PREFERENCE_WORKSPACE, workspace.bytes());
            long[] addresses = {product.a, product.b, product.d, product.d};
            for (int i = 0; i < addresses.length; i++) {
                int alignment = (int) Math.min(256, Long.lowestOneBit(addresses[i]));
                cublas.setPreference(preference, CublasLt.PREFERENCE_ALIGNMENTS[i], alignment);
            }
            found = cublas.algorithms(
                    handle,
                    product.operation,
                    product.layoutA,
                    product.layoutB,
                    product.layoutD,
                    preference,
                    results,
                    most);
        } finally {
            cublas.destroyPreference(preference);
        }
        if (found == 0) throw new RefusedException("cuBLASLt has no algorithm for " + problem);
        if (found == 1) return algorithm(results, 0);
        int count = found;
        int best = measured.computeIfAbsent(problem, p -> fastest(product, results, count));
        return algorithm(results, Math.min(best, found - 1));
    }

    private static MemorySegment algorithm(MemorySegment results, int index) {
        return results.asSlice((long) index * CublasLt.RESULT_BYTES, CublasLt.ALGORITHM_BYTES);
    }

    /** Measures each algorithm; results go to memory of their own, for a kernel is only being prepared. */
    private int fastest(MatrixProduct product, MemorySegment results, int count) {
        Buffer d = device.allocate(product.resultBytes());
        try {
            int best = 0;
            long shortest = Long.MAX_VALUE;
            for (int i = 0; i < count; i++) {
                MemorySegment algorithm = algorithm(results, i);
                long time = Stopwatch.nanos(device, () -> launch(product, algorithm, ((CudaBuffer) d).address()) == 0);
                if (time < shortest) {
                    shortest = time;
                    best = i;
                }
            }
            return best;
        } finally {
            device.free(d);
        }
    }

    /** Queues a product and returns the status. */
    int launch(MatrixProduct product, MemorySegment algorithm, long d) {
        device.enter();
        return cublas.multiply(
                handle, product, algorithm, d, workspace, device.stream().handle());
    }

    RuntimeException refusal(String message) {
        return device.refusal(message);
    }

    void close() {
        if (device.isGone()) return;
        device.enter();
        cublas.destroy(handle);
        device.free(workspace);
    }
}
