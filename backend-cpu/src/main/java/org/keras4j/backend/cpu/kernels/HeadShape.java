package org.keras4j.backend.cpu.kernels;

/**
 * Says how heads lie in memory: query {@code [batch][queries][heads][size]}, key {@code [batch][keys][groups][size]},
 * value {@code [batch][keys][groups][valueSize]}; {@code heads / groups} heads, one after the other, share a key and a
 * value.
 */
public record HeadShape(int batch, int queries, int keys, int heads, int groups, int size, int valueSize) {
    /** The longest heads that {@link Attention} and {@link AttentionGradient} take. */
    public static final int LONGEST = Blocks.DEPTH;

    int sharing() {
        return heads / groups;
    }

    /** Returns the place of a head's row in the query. */
    int query(int b, int row, int head) {
        return ((b * queries + row) * heads + head) * size;
    }

    /** Returns the place of a head's row in the result. */
    int result(int b, int row, int head) {
        return ((b * queries + row) * heads + head) * valueSize;
    }

    /** Returns the place of what is one number for each row of each head. */
    int row(int b, int row, int head) {
        return (b * queries + row) * heads + head;
    }

    /** Returns the place of a group's row in the key. */
    int key(int b, int row, int group) {
        return ((b * keys + row) * groups + group) * size;
    }

    /** Returns the place of a group's row in the value. */
    int value(int b, int row, int group) {
        return ((b * keys + row) * groups + group) * valueSize;
    }

    int paddedSize() {
        return Blocks.paddedColumns(size);
    }

    int paddedValueSize() {
        return Blocks.paddedColumns(valueSize);
    }
}
