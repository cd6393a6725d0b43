package org.keras4j.backend.cuda;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.Storage;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.View;
import org.keras4j.op.Op;

/**
 * A product of matrices, or of batches of them, by cuBLASLt. That library has matrices in column-major order, where
 * ours are their transposes: {@code C^T = B^T A^T} makes ours without moving an element.
 */
final class MatrixProduct implements Kernel {
    private static final Cleaner CLEANER = Cleaner.create();

    final long operation;
    final long a;
    final long layoutA;
    final long b;
    final long layoutB;
    final long d;
    final long layoutD;
    final MemorySegment alpha;
    final MemorySegment beta;
    private final Products products;
    private final String name;
    private final long biasAddress;
    private final long resultBytes;
    private final MemorySegment algorithm;

    /** Prepares {@code out = a b}, with a bias of a row and a ReLU where wanted. */
    MatrixProduct(Products products, Op.Dot op, View a, View b, View out, @Nullable View bias, boolean relu) {
        this.products = products;
        this.name = "dot " + a.shape() + " x " + b.shape() + " of " + out.dtype();
        int rank = out.shape().rank();
        long m = out.shape().dim(rank - 2);
        long n = out.shape().dim(rank - 1);
        long k = a.shape().dim(op.transposeA() ? rank - 2 : rank - 1);
        int batch = rank == 3 ? out.shape().dim(0) : 1;
        Storage storage = out.memory().storage();
        boolean wide = storage == Storage.DOUBLE;
        int type = switch (storage) {
            case HALF -> out.dtype() == DType.FLOAT16 ? CublasLt.REAL_16 : CublasLt.BRAIN_16;
            case FLOAT -> CublasLt.REAL_32;
            case DOUBLE -> CublasLt.REAL_64;
            case INT, LONG -> throw new RefusedException("cuBLASLt has no products of " + out.dtype());
        };
        CublasLt lt = products.cublas;
        this.a = Products.address(b);
        this.b = Products.address(a);
        this.d = Products.address(out);
        operation = lt.descriptor(compute(out, products.tf32), wide ? CublasLt.REAL_64 : CublasLt.REAL_32);
        layoutA = op.transposeB() ? lt.layout(type, k, n, k) : lt.layout(type, n, k, n);
        layoutB = op.transposeA() ? lt.layout(type, m, k, m) : lt.layout(type, k, m, k);
        layoutD = lt.layout(type, n, m, n);
        CLEANER.register(this, new Descriptors(lt, operation, layoutA, layoutB, layoutD));
        lt.setDescriptor(operation, CublasLt.DESC_TRANSPOSE_A, op.transposeB() ? 1 : 0);
        lt.setDescriptor(operation, CublasLt.DESC_TRANSPOSE_B, op.transposeA() ? 1 : 0);
        if (batch > 1) {
            batch(lt, layoutA, batch, k * n);
            batch(lt, layoutB, batch, m * k);
            batch(lt, layoutD, batch, m * n);
        }
        if (bias != null || relu) {
            int epilogue = (relu ? CublasLt.EPILOGUE_RELU : 0) | (bias == null ? 0 : CublasLt.EPILOGUE_BIAS);
            lt.setDescriptor(operation, CublasLt.DESC_EPILOGUE, epilogue);
            if (bias != null) lt.setDescriptor(operation, CublasLt.DESC_BIAS_POINTER, Products.address(bias));
        }
        biasAddress = bias == null ? 0 : Products.address(bias);
        resultBytes = (long) batch * m * n * storage.bytes();
        alpha = number(wide, 1);
        beta = number(wide, 0);
        algorithm = products.choose(
                this, new Products.Problem(op, a.shape(), b.shape(), out.dtype(), storage, bias != null, relu));
    }

    /**
     * Tensor cores take factors of 16 bits as they are; such factors in floats fit into the eleven bits of TF32, so
     * that they are multiplied exactly as well. Sums are float32.
     */
    private static int compute(View out, boolean tf32) {
        if (out.dtype() == DType.FLOAT64) return CublasLt.COMPUTE_64;
        boolean floats = out.memory().storage() == Storage.FLOAT;
        return floats && (tf32 || out.dtype().isNarrow()) ? CublasLt.COMPUTE_32_FAST_TF32 : CublasLt.COMPUTE_32;
    }

    /**
     * Returns on how many bytes the matrices are aligned: A, B, C, D. There is no number of the bias's own; it is read as
     * the result is written, in vectors of the same length.
     */
    int[] alignments() {
        long[] addresses = {a, b, d, d | biasAddress};
        int[] bytes = new int[addresses.length];
        for (int i = 0; i < bytes.length; i++) bytes[i] = (int) Math.min(256, Long.lowestOneBit(addresses[i]));
        return bytes;
    }

    /** Returns the bytes of the result. */
    long resultBytes() {
        return resultBytes;
    }

    private static void batch(CublasLt lt, long layout, int count, long stride) {
        lt.setLayout(layout, CublasLt.LAYOUT_BATCH_COUNT, count);
        lt.setLayout(layout, CublasLt.LAYOUT_BATCH_STRIDE, stride);
    }

    private static MemorySegment number(boolean wide, double value) {
        MemorySegment place = Arena.ofAuto().allocate(8, 8);
        if (wide) place.set(JAVA_DOUBLE, 0, value);
        else place.set(JAVA_FLOAT, 0, (float) value);
        return place;
    }

    private record Descriptors(CublasLt lt, long operation, long a, long b, long d) implements Runnable {
        @Override
        public void run() {
            lt.destroyDescriptor(operation);
            lt.destroyLayout(a);
            lt.destroyLayout(b);
            lt.destroyLayout(d);
        }
    }

    @Override
    public void run() {
        int status = products.launch(this, algorithm, d);
        if (status != 0) throw products.refusal("cuBLASLt: " + name + " was refused with status " + status);
    }
}
