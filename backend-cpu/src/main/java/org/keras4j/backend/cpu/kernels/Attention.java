package org.keras4j.backend.cpu.kernels;

import java.util.Arrays;
import org.keras4j.backend.cpu.kernels.Scratch.Use;

/**
 * Computes {@code softmax(scale q k^T) v} for each head. The scores of a tile of queries and a block of keys stay in the
 * first-level cache; a running maximum and sum of each query make one softmax of the blocks (FlashAttention, Dao et al.
 * 2022).
 */
public final class Attention extends HeadWork {
    /** Queries for which a block of keys is packed once. */
    private static final int QUERIES = 18 * Blocks.HEIGHT;

    private final Floats y;
    private final Floats logarithms;
    private final int chunks;

    /** Prepares the product; {@code logarithms} gets the logarithm of each row's sum of exponentials. */
    public Attention(WorkPool pool, HeadInputs inputs, Floats y, Floats logarithms) {
        super(pool, inputs);
        this.y = y;
        this.logarithms = logarithms;
        chunks = Blocks.divideUp(shape.queries(), QUERIES);
        share(shape.batch() * shape.heads() * chunks);
    }

    /** Attends with some queries of one head. */
    @Override
    void item(int index, Scratch scratch) {
        int head = index / chunks % shape.heads();
        int b = index / chunks / shape.heads();
        int from = index % chunks * QUERIES;
        int to = Math.min(shape.queries(), from + QUERIES);
        int width = shape.paddedValueSize();
        // the values of a block, sums of values, maxima, sums of exponentials
        int sums = KEYS * width;
        int maxima = sums + QUERIES * width;
        int totals = maxima + QUERIES;
        float[] room = scratch.floats(Use.OTHER, totals + QUERIES);
        Arrays.fill(room, sums, maxima, 0);
        float[] keys = scratch.floats(Use.RIGHT, KEYS * shape.size());
        int last = causal ? Math.min(shape.keys(), to) : shape.keys();
        for (int key = 0; key < last; key += KEYS) {
            int count = Math.min(KEYS, last - key);
            packKeys(b, head / shape.sharing(), key, count, keys);
            packValues(b, head / shape.sharing(), key, count, room);
            int height;
            for (int query = from; query < to; query += height) {
                height = Blocks.height(to - query);
                int seen = visible(query + height - 1, key, count);
                if (seen <= 0) continue;
                int row = query - from;
                float[] weights = weigh(
                        b,
                        head,
                        query,
                        height,
                        key,
                        count,
                        seen,
                        keys,
                        room,
                        maxima + row,
                        sums + row * width,
                        scratch);
                PanelProduct.rows(
                        height, seen, weights, room, 0, count, shape.valueSize(), room, sums + row * width, width);
            }
        }
        finish(b, head, from, to, room, sums, maxima, totals);
    }

    private void packValues(int b, int group, int key, int count, float[] to) {
        int row = shape.groups() * shape.valueSize();
        int at = v.at() + shape.value(b, key, group);
        RightPanels.block(v.array(), at, row, false, 0, count, 0, shape.valueSize(), to, 0);
    }

    /** Returns the weights of a tile, relative to the rows' maxima so far, and makes the sums so far fit to these. */
    private float[] weigh(
            int b,
            int head,
            int query,
            int height,
            int key,
            int count,
            int seen,
            float[] keys,
            float[] room,
            int maximum,
            int sums,
            Scratch scratch) {
        float[] queries = scratch.floats(Use.LEFT, Blocks.HEIGHT * Blocks.DEPTH + Blocks.LANES);
        float[] scores = scratch.floats(Use.TILE, Blocks.HEIGHT * Blocks.DEPTH);
        // the tile's maxima, its sums, and vectors
        float[] tile = scratch.floats(Use.PASS, Blocks.HEIGHT * (2 + Blocks.LANES));
        int total = Blocks.HEIGHT;
        packQueries(b, head, query, height, queries);
        int columns = scores(b, head, query, height, key, count, seen, queries, keys, scores);
        ScoreTiles.maxima(scores, height, columns, tile, 0);
        for (int i = 0; key > 0 && i < height; i++) tile[i] = Math.max(tile[i], room[maximum + i]);
        ScoreTiles.powers(scores, height, columns, tile, 0, tile, 2 * total, tile, total);
        for (int i = 0; i < height; i++) {
            int at = maximum + i;
            if (key > 0) {
                float factor = (float) Math.exp((room[at] - tile[i]) / LOG2_E);
                int width = shape.paddedValueSize();
                if (factor != 1)
                    FloatLoops.multiplyByNumber(room, sums + i * width, factor, room, sums + i * width, width);
                tile[total + i] += room[at + QUERIES] * factor;
            }
            room[at] = tile[i];
            room[at + QUERIES] = tile[total + i];
        }
        return scores;
    }

    private void finish(int b, int head, int from, int to, float[] room, int sums, int maxima, int totals) {
        int width = shape.paddedValueSize();
        for (int query = from; query < to; query++) {
            int i = query - from;
            int at = y.at() + shape.result(b, query, head);
            if (room[maxima + i] == HeadMask.HIDDEN) blind(b, head, at);
            else
                FloatLoops.multiplyByNumber(
                        room, sums + i * width, 1 / room[totals + i], y.array(), at, shape.valueSize());
        }
        VectorMath.log(room, totals, room, totals, to - from);
        for (int query = from; query < to; query++) {
            float most = room[maxima + query - from];
            logarithms.array()[logarithms.at() + shape.row(b, query, head)] = most == HeadMask.HIDDEN
                    ? Float.POSITIVE_INFINITY
                    : (float) (most / LOG2_E + room[totals + query - from]);
        }
    }

    /** Gives a query that sees no key zeros, or the mean of all values. */
    private void blind(int b, int head, int at) {
        Arrays.fill(y.array(), at, at + shape.valueSize(), 0);
        if (zeroEmpty) return;
        for (int key = 0; key < shape.keys(); key++) {
            int from = v.at() + shape.value(b, key, head / shape.sharing());
            FloatLoops.add(y.array(), at, v.array(), from, y.array(), at, shape.valueSize());
        }
        FloatLoops.multiplyByNumber(y.array(), at, 1f / shape.keys(), y.array(), at, shape.valueSize());
    }
}
