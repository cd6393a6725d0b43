package org.keras4j.backend.cpu.kernels;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What attention and its gradient have in common: the scores of a few queries and a block of keys, which lie in a panel
 * that is the left factor of the next product.
 */
abstract class HeadWork implements Work {
    /** Keys of a block: the scores of a tile's queries are a panel of a {@link RowTiles} factor. */
    static final int KEYS = Blocks.DEPTH;

    /** Scores are logarithms to the base 2. */
    static final double LOG2_E = 1 / Math.log(2);

    /** Scores that are worth a part of their own. */
    private static final long PART = 16 * 1024;

    final HeadShape shape;
    final float scale;
    final boolean causal;
    final boolean zeroEmpty;
    final Floats q;
    final Floats k;
    final Floats v;
    final @Nullable HeadMask mask;
    private final WorkPool pool;
    private int items;
    private int parts;

    HeadWork(WorkPool pool, HeadInputs inputs) {
        this.pool = pool;
        shape = inputs.shape();
        scale = inputs.scale();
        causal = inputs.causal();
        zeroEmpty = inputs.zeroEmpty();
        mask = inputs.mask();
        q = inputs.q();
        k = inputs.k();
        v = inputs.v();
    }

    /** Cuts the work into {@code count} items, of which some make a part. */
    final void share(int count) {
        items = count;
        long scores = (long) shape.batch() * shape.heads() * shape.queries() * shape.keys();
        parts = (int) Math.clamp(scores / PART, 1, Math.max(1, Math.min(count, 8L * pool.threads())));
    }

    /** Computes all results. */
    public final void run() {
        pool.run(parts, this);
    }

    @Override
    public final void part(int index, Scratch scratch) {
        int end = (int) ((long) items * (index + 1) / parts);
        for (int item = (int) ((long) items * index / parts); item < end; item++) item(item, scratch);
    }

    abstract void item(int index, Scratch scratch);

    /** Returns how many of {@code count} keys from {@code key} on the last of some queries sees. */
    final int visible(int lastQuery, int key, int count) {
        return causal ? Math.min(count, lastQuery + 1 - key) : count;
    }

    /** Packs the block's keys as columns. */
    final void packKeys(int b, int group, int key, int count, float[] to) {
        int row = shape.groups() * shape.size();
        RightPanels.block(k.array(), k.at() + shape.key(b, key, group), row, true, 0, shape.size(), 0, count, to, 0);
    }

    /** Packs some queries, times the scale and log2 e, as rows of a left factor. */
    final void packQueries(int b, int head, int query, int height, float[] panel) {
        for (int i = 0; i < height; i++)
            FloatLoops.multiplyByNumber(
                    q.array(),
                    q.at() + shape.query(b, query + i, head),
                    (float) (scale * LOG2_E),
                    panel,
                    i * Blocks.DEPTH,
                    shape.size());
    }

    /**
     * Computes {@code scores[height][DEPTH]} of the first {@code seen} of {@code count} packed keys, and hidden ones up to
     * the next multiple of two vectors, which is returned.
     */
    final int scores(
            int b,
            int head,
            int query,
            int height,
            int key,
            int count,
            int seen,
            float[] queries,
            float[] keys,
            float[] scores) {
        product(height, shape.size(), queries, keys, 0, count, seen, scores);
        int columns = seen;
        for (int i = 0; i < height; i++) {
            int row = i * Blocks.DEPTH;
            columns = ScoreTiles.fill(scores, i, seen);
            if (mask != null) mask.hide(b, head, query + i, key, seen, scores, row);
            int own = Math.clamp(query + i + 1 - key, 0, seen);
            if (causal) Arrays.fill(scores, row + own, row + seen, HeadMask.HIDDEN);
        }
        return columns;
    }

    /** Computes {@code c[height][DEPTH]}, the first {@code seen} of {@code count} packed columns and some more. */
    static void product(int height, int depth, float[] a, float[] panels, int pi, int count, int seen, float[] c) {
        int columns = Math.min(count, Blocks.divideUp(seen, Blocks.WIDTH) * Blocks.WIDTH);
        for (int i = 0; i < height; i++)
            Arrays.fill(c, i * Blocks.DEPTH, i * Blocks.DEPTH + Blocks.paddedColumns(columns), 0);
        PanelProduct.rows(height, depth, a, panels, pi, depth, columns, c, 0, Blocks.DEPTH);
    }
}
