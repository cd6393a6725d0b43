package org.keras4j.backend.cpu.kernels;

import java.util.Arrays;
import org.keras4j.backend.cpu.kernels.Scratch.Use;

/**
 * Computes {@code C = activation(bias + A . B)} tile by tile, where a subclass says how a panel of A is gathered.
 *
 * <p>C is {@code [m][ldc]}, A is {@code m x k}, B is {@code k x n}. Every element of C is one chain of fused
 * multiply-adds in the order of k, started from the bias, whatever the cut into parts: results do not depend on
 * threads.
 */
abstract class TiledProduct implements Work {
    /** How the right factor lies in memory. */
    enum Right {
        /** {@code [k][ldb]}, read in place. */
        ROWS,
        /** Packed by {@link RightPanels}. */
        PANELS,
        /** {@code [k][ldb]}, each part packs the columns that it needs. */
        PACK_ROWS,
        /** {@code [n][ldb]}, each part packs the columns that it needs. */
        PACK_COLUMNS
    }

    int m;
    int n;
    int k;
    Right right = Right.ROWS;
    float[] b = NONE;
    int bo;
    int ldb;
    float[] c = NONE;
    int co;
    int ldc;
    /** The bias row, or an empty array. */
    float[] bias = NONE;

    int biasOffset;
    Epilogue epilogue = Activation.NONE;
    /** Whether panels of A are {@code [k][STEP]} instead of {@code [height][DEPTH]}. */
    boolean leftByColumns;

    static final float[] NONE = new float[0];

    static final TileWarmup ROW_WARMUP = new TileWarmup((height, wide, depth, a, b, c) ->
            RowTiles.run(height, wide, depth, a, b, 0, wide ? Blocks.WIDTH : Blocks.LANES, c, 0, Blocks.WIDTH));

    static final TileWarmup COLUMN_WARMUP = new TileWarmup((height, wide, depth, a, b, c) ->
            ColumnTiles.run(height, wide, depth, a, b, 0, wide ? Blocks.WIDTH : Blocks.LANES, c, 0, Blocks.WIDTH));

    /** Results that are finished together: enough to be worth it, few enough to be in the first-level cache. */
    private static final int EPILOGUE_ELEMENTS = 4096;

    private static final int TILE_FLOATS = Blocks.HEIGHT * Blocks.WIDTH;

    /**
     * Gathers rows {@code row .. row + height} of A, columns {@code k0 .. k0 + depth}, into the start of {@code panel}.
     */
    abstract void packLeft(int batch, int row, int height, int k0, int depth, float[] panel);

    /** Returns the place of row {@code row} of C; rows of one tile need not follow each other if {@link #scattered}. */
    int rowOfC(int row) {
        return co + row * ldc;
    }

    /** Tells whether {@link #rowOfC} is anything but {@code co + row * ldc}. */
    boolean scattered() {
        return false;
    }

    int batchOffsetB(int batch) {
        return 0;
    }

    int batchOffsetC(int batch) {
        return 0;
    }

    int batchOffsetBias(int batch) {
        return 0;
    }

    /** Computes the block of C of rows {@code m0 .. m1} and columns {@code n0 .. n1}; n0 is a multiple of a panel. */
    final void multiply(int batch, int m0, int m1, int n0, int n1, Scratch scratch) {
        multiplyRange(batch, m0, m1, n0, n1, 0, k, scratch);
    }

    /** Computes a block of C from the columns {@code from .. to} of A; with a packed B that is all of them. */
    final void multiplyRange(int batch, int m0, int m1, int n0, int n1, int from, int to, Scratch scratch) {
        epilogue.begin();
        // A vector more, see Strips.
        float[] panel = scratch.floats(Use.LEFT, Blocks.STEP * Blocks.DEPTH + Blocks.LANES);
        float[] tile = scratch.floats(Use.TILE, TILE_FLOATS);
        if (to == from) {
            for (int row = m0; row < m1; row++) start(batch, row, 1, batchOffsetC(batch), n0, n1);
            applyEpilogue(m0, m1, batchOffsetC(batch), n0, n1);
        }
        for (int j0 = n0; j0 < n1; j0 += Blocks.COLUMNS) {
            int j1 = Math.min(n1, j0 + Blocks.COLUMNS);
            int piece = Blocks.depth(to - from);
            for (int k0 = from; k0 < to; k0 += piece) {
                int depth = Math.min(piece, to - k0);
                float[] packed = packRight(batch, k0, depth, j0, j1, scratch);
                int unfinished = m0;
                int height;
                for (int row = m0; row < m1; row += height) {
                    height = Blocks.height(m1 - row);
                    packLeft(batch, row, height, k0, depth, panel);
                    if (k0 == from) start(batch, row, height, batchOffsetC(batch), j0, j1);
                    rowOfTiles(batch, row, height, k0, depth, j0, j1, panel, packed, tile);
                    int next = row + height;
                    if (k0 + depth < to || next < m1 && (next - unfinished) * (j1 - j0) < EPILOGUE_ELEMENTS) continue;
                    applyEpilogue(unfinished, next, batchOffsetC(batch), j0, j1);
                    unfinished = next;
                }
            }
        }
        epilogue.end();
    }

    /** Makes the block of B ready and returns where its packed panels are. */
    private float[] packRight(int batch, int k0, int depth, int j0, int j1, Scratch scratch) {
        int at = bo + batchOffsetB(batch);
        switch (right) {
            case PANELS -> {
                return b;
            }
            case ROWS -> {
                int ragged = (j1 - j0) % Blocks.WIDTH;
                if (ragged == 0) return b;
                float[] to = scratch.floats(Use.RIGHT, depth * Blocks.WIDTH);
                RightPanels.block(b, at, ldb, false, k0, depth, j1 - ragged, j1, to, 0);
                return to;
            }
            case PACK_ROWS, PACK_COLUMNS -> {
                float[] to = scratch.floats(Use.RIGHT, Blocks.DEPTH * Blocks.COLUMNS);
                RightPanels.block(b, at, ldb, right == Right.PACK_COLUMNS, k0, depth, j0, j1, to, 0);
                return to;
            }
        }
        throw new AssertionError(right);
    }

    private void rowOfTiles(
            int batch,
            int row,
            int height,
            int k0,
            int depth,
            int j0,
            int j1,
            float[] panel,
            float[] packed,
            float[] tile) {
        int offset = batchOffsetC(batch);
        boolean spread = scattered();
        for (int j = j0; j < j1; j += Blocks.WIDTH) {
            int columns = Math.min(Blocks.WIDTH, j1 - j);
            boolean wide = columns > Blocks.LANES;
            float[] from = packed;
            int at = (j - j0) * depth;
            int stride = wide ? Blocks.WIDTH : Blocks.LANES;
            if (right == Right.PANELS) {
                at = bo + batchOffsetB(batch) + k0 * Blocks.paddedColumns(n) + j * depth;
            } else if (right == Right.ROWS) {
                if (columns == Blocks.WIDTH) {
                    from = b;
                    at = bo + batchOffsetB(batch) + k0 * ldb + j;
                    stride = ldb;
                } else {
                    at = 0;
                }
            }
            if (!spread && (columns == Blocks.WIDTH || columns == Blocks.LANES)) {
                tile(height, wide, depth, panel, from, at, stride, c, rowOfC(row) + offset + j, ldc);
            } else {
                load(row, height, offset + j, columns, tile);
                tile(height, wide, depth, panel, from, at, stride, tile, 0, Blocks.WIDTH);
                store(row, height, offset + j, columns, tile);
            }
        }
    }

    private void tile(
            int height,
            boolean wide,
            int depth,
            float[] panel,
            float[] from,
            int at,
            int stride,
            float[] to,
            int ci,
            int row) {
        int width = wide ? Blocks.WIDTH : Blocks.LANES;
        if (leftByColumns) {
            if (COLUMN_WARMUP.isHot(height, wide, depth))
                ColumnTiles.run(height, wide, depth, panel, from, at, stride, to, ci, row);
            else PlainTiles.run(height, width, depth, panel, 0, 1, Blocks.STEP, from, at, stride, to, ci, row);
        } else {
            if (ROW_WARMUP.isHot(height, wide, depth))
                RowTiles.run(height, wide, depth, panel, from, at, stride, to, ci, row);
            else PlainTiles.run(height, width, depth, panel, 0, Blocks.DEPTH, 1, from, at, stride, to, ci, row);
        }
    }

    private void start(int batch, int row, int height, int offset, int j0, int j1) {
        for (int i = 0; i < height; i++) {
            int at = rowOfC(row + i) + offset;
            if (bias.length == 0) Arrays.fill(c, at + j0, at + j1, 0);
            else System.arraycopy(bias, biasOffset + batchOffsetBias(batch) + j0, c, at + j0, j1 - j0);
        }
    }

    private void applyEpilogue(int from, int to, int offset, int j0, int j1) {
        if (epilogue.isNothing()) return;
        if (!scattered() && j1 - j0 == ldc) epilogue.apply(c, rowOfC(from) + offset + j0, (to - from) * ldc);
        else for (int row = from; row < to; row++) epilogue.apply(c, rowOfC(row) + offset + j0, j1 - j0);
    }

    private void load(int row, int height, int column, int columns, float[] tile) {
        for (int i = 0; i < height; i++) {
            System.arraycopy(c, rowOfC(row + i) + column, tile, i * Blocks.WIDTH, columns);
            Arrays.fill(tile, i * Blocks.WIDTH + columns, (i + 1) * Blocks.WIDTH, 0);
        }
    }

    private void store(int row, int height, int column, int columns, float[] tile) {
        for (int i = 0; i < height; i++) {
            System.arraycopy(tile, i * Blocks.WIDTH, c, rowOfC(row + i) + column, columns);
        }
    }
}
