package org.keras4j.backend.cpu.kernels;

/** Multiplies the patches of a tensor, group by group, with a packed matrix. */
class PatchProduct extends TiledProduct {
    /** As for {@link Gemm}: less work than this stays on one thread. */
    private static final long SMALL = 600_000;

    private final WorkPool pool;
    private final Patches patches;
    private final int groups;
    private final int groupChannels;
    private float[] x = NONE;
    private int xo;
    private int rowsOfPart;
    private int columnsOfPart;
    private int columnParts;

    PatchProduct(WorkPool pool, Patches patches, int groups, int groupChannels, int rows, int groupOut) {
        this.pool = pool;
        this.patches = patches;
        this.groups = groups;
        this.groupChannels = groupChannels;
        m = rows;
        n = groupOut;
        k = patches.columns();
        right = Right.PANELS;
    }

    /** Returns the floats of one group's packed matrix. */
    final int packedGroup() {
        return RightPanels.size(k, n);
    }

    final void run(float[] x, int xo, float[] panels, int po, float[] bias, int biasOffset, float[] c, int co) {
        this.x = x;
        this.xo = xo;
        b = panels;
        bo = po;
        this.bias = bias;
        this.biasOffset = biasOffset;
        this.c = c;
        this.co = co;
        if (m == 0 || n == 0) return;
        long work = (long) m * n * Math.max(1, k) * groups;
        int parts = (int) Math.clamp(work / SMALL, 1, 4L * pool.threads());
        int tiles = Blocks.divideUp(m, Blocks.HEIGHT);
        if (tiles >= 2 * parts || n < 2 * Blocks.WIDTH) {
            rowsOfPart = Blocks.divideUp(tiles, parts) * Blocks.HEIGHT;
            columnsOfPart = n;
        } else {
            rowsOfPart = m;
            columnsOfPart =
                    Blocks.divideUp(Blocks.divideUp(n, Math.min(parts, pool.threads())), Blocks.WIDTH) * Blocks.WIDTH;
        }
        columnParts = Blocks.divideUp(n, columnsOfPart);
        pool.run(Blocks.divideUp(m, rowsOfPart) * columnParts, this);
    }

    @Override
    public void part(int index, Scratch scratch) {
        int row = index / columnParts * rowsOfPart;
        int column = index % columnParts * columnsOfPart;
        for (int g = 0; g < groups; g++)
            multiply(g, row, Math.min(m, row + rowsOfPart), column, Math.min(n, column + columnsOfPart), scratch);
    }

    @Override
    void packLeft(int group, int row, int height, int k0, int depth, float[] panel) {
        patches.rows(x, xo + group * groupChannels, row, height, k0, depth, panel);
    }

    @Override
    int batchOffsetB(int group) {
        return group * packedGroup();
    }

    @Override
    int batchOffsetC(int group) {
        return group * n;
    }

    /** The bias of a group lies where the group's channels do. */
    @Override
    int batchOffsetBias(int group) {
        return group * n;
    }
}
