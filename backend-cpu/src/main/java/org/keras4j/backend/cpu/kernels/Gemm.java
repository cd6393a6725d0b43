package org.keras4j.backend.cpu.kernels;

import java.util.Arrays;
import org.keras4j.backend.cpu.kernels.Scratch.Use;

/**
 * Multiplies (batches of) dense matrices: {@code C[m][n] = activation(bias[n] + A[m][k] . B[k][n])}.
 *
 * <p>An instance holds the operands of one call at a time, so each concurrent caller needs its own.
 */
public final class Gemm extends TiledProduct {
    /** Below this many multiply-adds one thread is done before a second one has started. */
    private static final long SMALL = 600_000;
    /** As {@link #SMALL} for a product with a vector, which waits for memory rather than for arithmetic. */
    private static final long SMALL_VECTOR = 200_000;
    /** From this many rows on the columns of B are packed once for all parts, not once per part. */
    private static final int TALL = 512;
    /** Up to this many rows B is read in place: it passes by too few times to pay for packing. */
    private static final int FLAT = 140;

    private final WorkPool pool;
    private final boolean transposeA;
    private final boolean transposeB;
    private int batches = 1;
    private int batchStrideA;
    private int batchStrideB;
    private int batchStrideC;
    private float[] a = NONE;
    private int ao;
    private final int lda;
    private boolean packing;
    private float[] shared = NONE;
    /** Positive while the product is a matrix by a vector: the number of elements of the vector result per part. */
    private int vectorPart;

    private int batchesOfPart;
    /** Parts of whole tiles' rows, or 0 while the columns are shared out. */
    private int rowParts;

    private int columnsOfPart;

    /** Prepares {@code C[m][n] = A . B}; a transposed factor is stored as {@code [k][m]} or {@code [n][k]}. */
    public Gemm(WorkPool pool, int m, int n, int k, boolean transposeA, boolean transposeB) {
        this.pool = pool;
        this.m = m;
        this.n = n;
        this.k = k;
        this.transposeA = transposeA;
        this.transposeB = transposeB;
        lda = transposeA ? m : k;
        ldb = transposeB ? k : n;
        ldc = n;
        leftByColumns = transposeA;
    }

    /** Repeats the product for {@code count} matrices at these distances; a distance of 0 shares the factor. */
    public Gemm batches(int count, int strideA, int strideB, int strideC) {
        batches = count;
        batchStrideA = strideA;
        batchStrideB = strideB;
        batchStrideC = strideC;
        return this;
    }

    /** Applies {@code epilogue} to the finished results. */
    public Gemm epilogue(Epilogue epilogue) {
        this.epilogue = epilogue;
        return this;
    }

    /** Says whether a B that {@link RightPanels} has packed beforehand is read faster. */
    public boolean gainsFromPanels() {
        return m > 1 && n > 1 && batches == 1;
    }

    /** Computes C from a B that lies as the constructor says; an empty {@code bias} adds nothing. */
    public void run(float[] a, int ao, float[] b, int bo, float[] bias, int biasOffset, float[] c, int co) {
        bind(a, ao, b, bo, bias, biasOffset, c, co);
        if (batches == 1 && (m == 1 || n == 1)) {
            byVector();
            return;
        }
        boolean tall = m >= TALL && batches == 1;
        right = transposeB ? Right.PACK_COLUMNS : m <= FLAT ? Right.ROWS : Right.PACK_ROWS;
        if (tall) packShared();
        multiplyAll(tall);
    }

    /** Computes C from a B that {@link RightPanels#pack} has packed (untransposed, whatever the constructor says). */
    public void runPacked(float[] a, int ao, float[] panels, int po, float[] bias, int biasOffset, float[] c, int co) {
        bind(a, ao, panels, po, bias, biasOffset, c, co);
        right = Right.PANELS;
        multiplyAll(m >= TALL);
    }

    private void bind(float[] a, int ao, float[] b, int bo, float[] bias, int biasOffset, float[] c, int co) {
        this.a = a;
        this.ao = ao;
        this.b = b;
        this.bo = bo;
        this.bias = bias;
        this.biasOffset = biasOffset;
        this.c = c;
        this.co = co;
    }

    private void packShared() {
        float[] panels = Scratch.ofThread().floats(Use.SHARED, RightPanels.size(k, n));
        shared = panels;
        packing = true;
        pool.run(Blocks.divideUp(k, Blocks.depth(k)) * Blocks.divideUp(n, Blocks.COLUMNS), this);
        packing = false;
        b = panels;
        bo = 0;
        right = Right.PANELS;
    }

    private void multiplyAll(boolean tall) {
        long work = (long) m * n * k;
        if (batches > 1) {
            int parts = (int) Math.min(batches, Math.max(1, work * batches / SMALL));
            batchesOfPart = Blocks.divideUp(batches, Math.min(parts, 4 * pool.threads()));
            pool.run(Blocks.divideUp(batches, batchesOfPart), this);
            return;
        }
        int parts = work < 2 * SMALL ? 1 : (int) Math.min(work / SMALL, pool.threads() * (tall ? 4L : 1L));
        if (tall || n < 2 * Blocks.WIDTH) {
            rowParts = Math.clamp(parts, 1, Math.max(1, Blocks.divideUp(m, Blocks.HEIGHT)));
            pool.run(rowParts, this);
        } else {
            rowParts = 0;
            columnsOfPart = Blocks.divideUp(Blocks.divideUp(n, parts), Blocks.WIDTH) * Blocks.WIDTH;
            pool.run(Blocks.divideUp(n, columnsOfPart), this);
        }
    }

    @Override
    public void part(int index, Scratch scratch) {
        if (packing) {
            packPart(index);
        } else if (batches > 1) {
            int end = Math.min(batches, (index + 1) * batchesOfPart);
            for (int batch = index * batchesOfPart; batch < end; batch++) multiply(batch, 0, m, 0, n, scratch);
        } else if (vectorPart > 0) {
            vector(index * vectorPart, Math.min(m * n, (index + 1) * vectorPart));
        } else if (rowParts > 0) {
            multiply(0, firstRow(index), firstRow(index + 1), 0, n, scratch);
        } else {
            int column = index * columnsOfPart;
            multiply(0, 0, m, column, Math.min(n, column + columnsOfPart), scratch);
        }
    }

    /** Returns where part {@code index} of the rows begins: parts differ by one tile at most. */
    private int firstRow(int index) {
        long tiles = Blocks.divideUp(m, Blocks.HEIGHT);
        return Math.min(m, (int) (tiles * index / rowParts) * Blocks.HEIGHT);
    }

    /** Multiplies a row and a matrix or a matrix and a column without any tile. */
    private void byVector() {
        int size = m * n;
        long parts = Math.clamp((long) size * k / SMALL_VECTOR, 1, pool.threads());
        vectorPart =
                Math.max(1, Blocks.divideUp(Blocks.divideUp(size, (int) parts), 8 * Blocks.LANES) * 8 * Blocks.LANES);
        pool.run(Blocks.divideUp(size, vectorPart), this);
        vectorPart = 0;
    }

    private void vector(int from, int to) {
        if (bias.length == 0) Arrays.fill(c, co + from, co + to, 0);
        else if (m == 1) System.arraycopy(bias, biasOffset + from, c, co + from, to - from);
        else Arrays.fill(c, co + from, co + to, bias[biasOffset]);
        if (m == 1) {
            if (transposeB) Gemv.columns(k, a, ao, b, bo, ldb, c, co, from, to);
            else Gemv.rows(k, a, ao, b, bo, ldb, c, co, from, to);
        } else if (transposeA) {
            Gemv.rows(k, b, bo, a, ao, lda, c, co, from, to);
        } else {
            Gemv.columns(k, b, bo, a, ao, lda, c, co, from, to);
        }
        if (epilogue.isNothing()) return;
        epilogue.begin();
        epilogue.apply(c, co + from, to - from);
        epilogue.end();
    }

    private void packPart(int index) {
        int blocks = Blocks.divideUp(n, Blocks.COLUMNS);
        int k0 = index / blocks * Blocks.depth(k);
        int j0 = index % blocks * Blocks.COLUMNS;
        int depth = Math.min(Blocks.depth(k), k - k0);
        int at = k0 * Blocks.paddedColumns(n) + j0 * depth;
        RightPanels.block(b, bo, ldb, transposeB, k0, depth, j0, Math.min(n, j0 + Blocks.COLUMNS), shared, at);
    }

    @Override
    void packLeft(int batch, int row, int height, int k0, int depth, float[] panel) {
        int from = ao + batch * batchStrideA;
        if (transposeA) {
            from += k0 * lda + row;
            LeftPanels.columns(a, from, lda, height, depth, panel);
        } else {
            from += row * lda + k0;
            for (int i = 0; i < height; i++) System.arraycopy(a, from + i * lda, panel, i * Blocks.DEPTH, depth);
        }
    }

    @Override
    int batchOffsetB(int batch) {
        return batch * batchStrideB;
    }

    @Override
    int batchOffsetC(int batch) {
        return batch * batchStrideC;
    }
}
