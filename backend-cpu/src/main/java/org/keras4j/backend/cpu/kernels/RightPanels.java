package org.keras4j.backend.cpu.kernels;

import java.util.Arrays;

/**
 * Packs the right factor B of a product into panels of one or two vectors of columns.
 *
 * <p>A packed matrix is {@code [k / depth][n / WIDTH][depth][WIDTH]} with {@link Blocks#depth}; the last block of k may
 * be shorter and the last panel one vector wide, filled up with zeros. The panel of column j and block k0 starts at
 * {@code k0 * paddedColumns(n) + j * depth}.
 */
public final class RightPanels {
    private RightPanels() {}

    /** Returns the number of floats of the packed form of B [k][n]. */
    public static int size(int k, int n) {
        return Math.multiplyExact(k, Blocks.paddedColumns(n));
    }

    /** Packs all of B, which is {@code [k][ldb]}, or {@code [n][ldb]} if {@code transposed}. */
    public static void pack(int k, int n, float[] b, int bo, int ldb, boolean transposed, float[] to, int at) {
        int padded = Blocks.paddedColumns(n);
        int piece = Blocks.depth(k);
        for (int k0 = 0; k0 < k; k0 += piece) {
            int depth = Math.min(piece, k - k0);
            block(b, bo, ldb, transposed, k0, depth, 0, n, to, at + k0 * padded);
        }
    }

    /** Packs the columns {@code n0 .. n1} of {@code depth} rows from {@code k0}, panel after panel. */
    static void block(
            float[] b, int bo, int ldb, boolean transposed, int k0, int depth, int n0, int n1, float[] to, int at) {
        for (int j = n0; j < n1; j += Blocks.WIDTH) {
            int columns = Math.min(Blocks.WIDTH, n1 - j);
            int width = panelWidth(columns);
            if (transposed) columnsOfPanel(b, bo + j * ldb + k0, ldb, depth, columns, width, to, at);
            else rowsOfPanel(b, bo + k0 * ldb + j, ldb, depth, columns, width, to, at);
            at += width * depth;
        }
    }

    /** Returns the width of the panel that holds {@code columns} columns. */
    static int panelWidth(int columns) {
        return columns > Blocks.LANES ? Blocks.WIDTH : Blocks.LANES;
    }

    private static void rowsOfPanel(
            float[] b, int from, int ldb, int depth, int columns, int width, float[] to, int at) {
        for (int k = 0; k < depth; k++) {
            System.arraycopy(b, from, to, at, columns);
            if (columns < width) Arrays.fill(to, at + columns, at + width, 0);
            from += ldb;
            at += width;
        }
    }

    private static void columnsOfPanel(
            float[] b, int from, int ldb, int depth, int columns, int width, float[] to, int at) {
        Transpose.block(b, from, ldb, columns, depth, to, at, width);
        if (columns == width) return;
        for (int k = 0; k < depth; k++) Arrays.fill(to, at + k * width + columns, at + (k + 1) * width, 0);
    }
}
