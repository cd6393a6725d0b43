package org.keras4j.backend.cuda;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.Storage;
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
    private final @Nullable TuningCache choices;
    private final long handle;
    private final Buffer workspace;

    /** Starts the library; {@code choices} are what was measured, null if nothing is to be. */
    Products(CudaDevice device, CublasLt cublas, CudaOptions options, @Nullable TuningCache choices) {
        this.device = device;
        this.cublas = cublas;
        this.tf32 = options.tf32();
        this.choices = choices;
        device.enter();
        handle = cublas.create();
        workspace = device.allocate(Math.min(WORKSPACE_BYTES, device.traits().memoryBytes() / 64));
    }

    /** What the choice of an algorithm depends on. */
    record Problem(Op.Dot op, Shape a, Shape b, DType dtype, Storage storage, boolean bias, boolean relu) {
        /** Returns the name under which the algorithm is kept. */
        String key(boolean tf32) {
            return "dot " + (op.transposeA() ? "t" : "") + a + " " + (op.transposeB() ? "t" : "") + b + " " + dtype
                    + (storage == Storage.HALF ? " in 16 bits" : "")
                    + (tf32 ? " tf32" : "") + (bias ? " bias" : "") + (relu ? " relu" : "");
        }
    }

    /** Says whether cuBLASLt multiplies such values. */
    static boolean takes(DType dtype, Shape a, Shape b) {
        return dtype.isFloating() && a.size() > 0 && b.size() > 0;
    }

    /**
     * Prepares {@code out = relu(a b + bias)}; of narrow types in floats, the result is not yet rounded.
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

    /** Returns the algorithm to use: the first that is suggested, or the fastest, if that is to be measured. */
    MemorySegment choose(MatrixProduct product, Problem problem) {
        int[] alignments = product.alignments();
        if (choices == null)
            return algorithm(suggest(product, problem, alignments, 1).results(), 0);
        String key = problem.key(tf32) + " aligned " + Arrays.toString(alignments);
        Optional<MemorySegment> kept = choices.get(key)
                .flatMap(Products::parse)
                .filter(algorithm -> cublas.takes(handle, product, algorithm, workspace.bytes()));
        if (kept.isPresent()) return kept.get();
        Suggestions all = suggest(product, problem, alignments, MOST_ALGORITHMS);
        MemorySegment best = algorithm(all.results(), fastest(product, all.results(), all.count()));
        choices.put(key, HexFormat.of().formatHex(best.toArray(JAVA_BYTE)));
        return best;
    }

    /** Reads an algorithm, which NVIDIA lets be kept for the same version of cuBLAS. */
    private static Optional<MemorySegment> parse(String kept) {
        if (!kept.matches("[0-9a-f]{" + 2 * CublasLt.ALGORITHM_BYTES + "}")) return Optional.empty();
        MemorySegment place = Arena.ofAuto().allocate(CublasLt.ALGORITHM_BYTES, 16);
        return Optional.of(place.copyFrom(MemorySegment.ofArray(HexFormat.of().parseHex(kept))));
    }

    private record Suggestions(MemorySegment results, int count) {}

    private Suggestions suggest(MatrixProduct product, Problem problem, int[] alignments, int most) {
        MemorySegment results = Arena.ofAuto().allocate((long) most * CublasLt.RESULT_BYTES, 16);
        long preference = cublas.preference();
        try {
            cublas.setPreference(preference, CublasLt.PREFERENCE_WORKSPACE, workspace.bytes());
            for (int i = 0; i < alignments.length; i++)
                cublas.setPreference(preference, CublasLt.PREFERENCE_ALIGNMENTS[i], alignments[i]);
            int found = cublas.algorithms(
                    handle,
                    product.operation,
                    product.layoutA,
                    product.layoutB,
                    product.layoutD,
                    preference,
                    results,
                    most);
            if (found == 0) throw new RefusedException("cuBLASLt has no algorithm for " + problem);
            return new Suggestions(results, found);
        } finally {
            cublas.destroyPreference(preference);
        }
    }

    private static MemorySegment algorithm(MemorySegment results, int index) {
        return results.asSlice((long) index * CublasLt.RESULT_BYTES, CublasLt.ALGORITHM_BYTES);
    }

    /** Measures each algorithm; results go to memory of their own, for a kernel is only being prepared. */
    private int fastest(MatrixProduct product, MemorySegment results, int count) {
        if (count == 1) return 0;
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

    /** Queues a product and returns the status. One at a time: a product can be several launches that share the workspace. */
    synchronized int launch(MatrixProduct product, MemorySegment algorithm, long d) {
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
