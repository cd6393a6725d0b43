package org.keras4j.backend.cpu.kernels;

/** Adds products of a few rows and a right factor that {@link RightPanels#block} has packed. */
final class PanelProduct {
    private PanelProduct() {}

    /**
     * Adds A . B to {@code c[height][ldc]}, which has room for whole vectors of columns. A is {@code [height][DEPTH]},
     * of which the first {@code depth} columns count; B was packed {@code packed} rows deep.
     */
    static void rows(
            int height,
            int depth,
            float[] a,
            float[] panels,
            int pi,
            int packed,
            int columns,
            float[] c,
            int ci,
            int ldc) {
        for (int j = 0; j < columns; j += Blocks.WIDTH) {
            boolean wide = columns - j > Blocks.LANES;
            int stride = wide ? Blocks.WIDTH : Blocks.LANES;
            int at = pi + j * packed;
            if (TiledProduct.ROW_WARMUP.isHot(height, wide, depth))
                RowTiles.run(height, wide, depth, a, panels, at, stride, c, ci + j, ldc);
            else PlainTiles.run(height, stride, depth, a, 0, Blocks.DEPTH, 1, panels, at, stride, c, ci + j, ldc);
        }
    }

    /**
     * Adds A . B to {@code c[rows][ldc]}, A being {@code [depth][lda]} with the rows of C side by side, which are
     * packed in {@code panel}.
     */
    static void columns(
            int rows,
            int depth,
            float[] a,
            int ai,
            int lda,
            float[] panel,
            float[] panels,
            int pi,
            int columns,
            float[] c,
            int ci,
            int ldc) {
        int height;
        for (int row = 0; row < rows; row += height) {
            height = Blocks.height(rows - row);
            LeftPanels.columns(a, ai + row, lda, height, depth, panel);
            for (int j = 0; j < columns; j += Blocks.WIDTH) {
                boolean wide = columns - j > Blocks.LANES;
                int stride = wide ? Blocks.WIDTH : Blocks.LANES;
                int at = pi + j * depth;
                int to = ci + row * ldc + j;
                if (TiledProduct.COLUMN_WARMUP.isHot(height, wide, depth))
                    ColumnTiles.run(height, wide, depth, panel, panels, at, stride, c, to, ldc);
                else PlainTiles.run(height, stride, depth, panel, 0, 1, Blocks.STEP, panels, at, stride, c, to, ldc);
            }
        }
    }
}
