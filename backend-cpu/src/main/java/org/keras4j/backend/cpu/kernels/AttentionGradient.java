package org.keras4j.backend.cpu.kernels;

import java.util.Arrays;
import org.keras4j.backend.cpu.kernels.Scratch.Use;

/**
 * Computes the gradients of {@link Attention} for queries, keys and values. The weights are made again from the scores and
 * the logarithms that the forward pass has kept (FlashAttention, Dao et al. 2022): with {@code p = e^(s - log)} and
 * {@code ds = p (dy v^T - sum(y dy))} it is {@code dq = scale ds k}, {@code dk = scale ds^T q}, {@code dv = p^T dy}.
 *
 * <p>One part computes whole groups of heads that share a key, so that sums have one order whatever the threads.
 */
public final class AttentionGradient extends HeadWork {
    /** Queries whose weights are kept for the gradients of keys and values. */
    private static final int QUERIES = 10 * Blocks.HEIGHT;

    /** Distance of two queries' weights: a power of two would map all of them to a few places of the cache. */
    private static final int ROW = KEYS + Blocks.WIDTH;

    private final Floats logarithms;
    private final Floats dy;
    private final Floats products;
    private final Floats dq;
    private final Floats dk;
    private final Floats dv;
    private final int size;
    private final int valueSize;
    // where in a part's room: the block's keys as rows, its values as columns
    private final int keyRows;
    private final int valueColumns;
    // some queries, scaled, and the gradients of their results; their weights, and the gradients of their scores
    private final int queryRows;
    private final int resultRows;
    private final int weights;
    private final int scoreGradients;
    // the gradients of the block's keys and values, of a tile's queries, and of all values by queries that see nothing
    private final int keySums;
    private final int valueSums;
    private final int querySums;
    private final int blind;
    private final int room;

    /** Prepares the gradients; {@code products} are sums of each row of {@code y dy}. */
    public AttentionGradient(
            WorkPool pool,
            HeadInputs inputs,
            Floats logarithms,
            Floats dy,
            Floats products,
            Floats dq,
            Floats dk,
            Floats dv) {
        super(pool, inputs);
        this.logarithms = logarithms;
        this.dy = dy;
        this.products = products;
        this.dq = dq;
        this.dk = dk;
        this.dv = dv;
        size = shape.paddedSize();
        valueSize = shape.paddedValueSize();
        keyRows = 0;
        valueColumns = keyRows + KEYS * size;
        queryRows = valueColumns + KEYS * shape.valueSize();
        resultRows = queryRows + QUERIES * size;
        weights = resultRows + QUERIES * valueSize;
        scoreGradients = weights + QUERIES * ROW;
        keySums = scoreGradients + QUERIES * ROW;
        valueSums = keySums + KEYS * size;
        querySums = valueSums + KEYS * valueSize;
        blind = querySums + Blocks.HEIGHT * size;
        room = blind + valueSize;
        share(shape.batch() * shape.groups());
    }

    /** Computes all gradients of the heads that share a key. */
    @Override
    void item(int index, Scratch scratch) {
        int group = index % shape.groups();
        int b = index / shape.groups();
        float[] at = scratch.floats(Use.OTHER, room);
        float[] keys = scratch.floats(Use.RIGHT, KEYS * shape.size());
        ofBlindQueries(b, group, at);
        for (int key = 0; key < shape.keys(); key += KEYS) {
            int count = Math.min(KEYS, shape.keys() - key);
            packKeys(b, group, key, count, keys);
            packBlock(b, group, key, count, at);
            Arrays.fill(at, keySums, keySums + count * size, 0);
            Arrays.fill(at, valueSums, valueSums + count * valueSize, 0);
            for (int head = group * shape.sharing(); head < (group + 1) * shape.sharing(); head++)
                for (int query = causal ? key : 0; query < shape.queries(); query += QUERIES)
                    block(b, head, query, Math.min(QUERIES, shape.queries() - query), key, count, keys, scratch);
            store(b, group, key, count, at);
        }
    }

    private void packBlock(int b, int group, int key, int count, float[] at) {
        int keyRow = shape.groups() * shape.size();
        int valueRow = shape.groups() * shape.valueSize();
        int from = v.at() + shape.value(b, key, group);
        RightPanels.block(
                k.array(), k.at() + shape.key(b, key, group), keyRow, false, 0, count, 0, shape.size(), at, keyRows);
        RightPanels.block(v.array(), from, valueRow, true, 0, shape.valueSize(), 0, count, at, valueColumns);
    }

    /** Adds what some queries and the block's keys give. */
    private void block(int b, int head, int query, int rows, int key, int count, float[] keys, Scratch scratch) {
        float[] at = scratch.floats(Use.OTHER, room);
        packQueryRows(b, head, query, rows, at);
        int most = visible(query + rows - 1, key, count);
        int height;
        for (int row = 0; row < rows; row += height) {
            height = Blocks.height(rows - row);
            int seen = visible(query + row + height - 1, key, count);
            tile(b, head, query + row, row, height, key, count, seen, most, keys, scratch);
        }
        float[] panel = scratch.floats(Use.LEFT, Blocks.STEP * QUERIES + Blocks.LANES);
        PanelProduct.columns(
                most, rows, at, weights, ROW, panel, at, resultRows, shape.valueSize(), at, valueSums, valueSize);
        PanelProduct.columns(
                most, rows, at, scoreGradients, ROW, panel, at, queryRows, shape.size(), at, keySums, size);
    }

    private void packQueryRows(int b, int head, int query, int rows, float[] at) {
        int from = q.at() + shape.query(b, query, head);
        RightPanels.block(
                q.array(), from, shape.heads() * shape.size(), false, 0, rows, 0, shape.size(), at, queryRows);
        FloatLoops.multiplyByNumber(at, queryRows, scale, at, queryRows, rows * size);
        int result = dy.at() + shape.result(b, query, head);
        int distance = shape.heads() * shape.valueSize();
        RightPanels.block(dy.array(), result, distance, false, 0, rows, 0, shape.valueSize(), at, resultRows);
    }

    /** Makes the weights of a tile of queries and the gradients of its scores and of the queries. */
    private void tile(
            int b,
            int head,
            int query,
            int row,
            int height,
            int key,
            int count,
            int seen,
            int most,
            float[] keys,
            Scratch scratch) {
        float[] at = scratch.floats(Use.OTHER, room);
        float[] queries = scratch.floats(Use.LEFT, Blocks.HEIGHT * Blocks.DEPTH + Blocks.LANES);
        float[] results = scratch.floats(Use.SECOND_LEFT, Blocks.HEIGHT * Blocks.DEPTH);
        float[] scores = scratch.floats(Use.TILE, Blocks.HEIGHT * Blocks.DEPTH);
        packQueries(b, head, query, height, queries);
        int columns = scores(b, head, query, height, key, count, seen, queries, keys, scores);
        for (int i = 0; i < height; i++) {
            int to = weights + (row + i) * ROW;
            float log = logarithms.array()[logarithms.at() + shape.row(b, query + i, head)];
            ScoreTiles.powers(scores, i, columns, (float) (log * LOG2_E), at, to);
            if (columns < most) Arrays.fill(at, to + columns, to + most, 0);
            int from = dy.at() + shape.result(b, query + i, head);
            System.arraycopy(dy.array(), from, results, i * Blocks.DEPTH, shape.valueSize());
        }
        product(height, shape.valueSize(), results, at, valueColumns, count, seen, scores);
        for (int i = 0; i < height; i++) {
            float product = products.array()[products.at() + shape.row(b, query + i, head)];
            int to = scoreGradients + (row + i) * ROW;
            ScoreTiles.gradients(scores, i, columns, product, at, weights + (row + i) * ROW, at, to);
            if (columns < most) Arrays.fill(at, to + columns, to + most, 0);
        }
        Arrays.fill(at, querySums, querySums + height * size, 0);
        PanelProduct.rows(height, seen, scores, at, keyRows, count, shape.size(), at, querySums, size);
        for (int i = 0; i < height; i++) {
            int from = querySums + i * size;
            int to = dq.at() + shape.query(b, query + i, head);
            FloatLoops.multiplyByNumber(at, from, scale, at, from, shape.size());
            if (key > 0) FloatLoops.add(at, from, dq.array(), to, at, from, shape.size());
            System.arraycopy(at, from, dq.array(), to, shape.size());
        }
    }

    /** Writes the gradients of the block's keys and values. */
    private void store(int b, int group, int key, int count, float[] at) {
        for (int i = 0; i < count; i++) {
            System.arraycopy(at, keySums + i * size, dk.array(), dk.at() + shape.key(b, key + i, group), shape.size());
            FloatLoops.add(
                    at,
                    valueSums + i * valueSize,
                    at,
                    blind,
                    dv.array(),
                    dv.at() + shape.value(b, key + i, group),
                    shape.valueSize());
        }
    }

    /** Sums up what queries without a key give to each value, whose mean they get. */
    private void ofBlindQueries(int b, int group, float[] at) {
        Arrays.fill(at, blind, blind + valueSize, 0);
        if (zeroEmpty || mask == null) return;
        for (int head = group * shape.sharing(); head < (group + 1) * shape.sharing(); head++)
            for (int query = 0; query < shape.queries(); query++) {
                float log = logarithms.array()[logarithms.at() + shape.row(b, query, head)];
                if (log != Float.POSITIVE_INFINITY) continue;
                int from = dy.at() + shape.result(b, query, head);
                FloatLoops.add(at, blind, dy.array(), from, at, blind, shape.valueSize());
            }
        FloatLoops.multiplyByNumber(at, blind, 1f / shape.keys(), at, blind, shape.valueSize());
    }
}
