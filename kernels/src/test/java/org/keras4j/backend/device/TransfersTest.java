package org.keras4j.backend.device;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TransfersTest {
    @Test
    void consecutiveRowsAreOneRun() {
        int[] rows = {4, 5, 6, 2, 3};
        assertEquals(3, Transfers.run(rows, 0, 5));
        assertEquals(2, Transfers.run(rows, 3, 5));
        assertEquals(2, Transfers.run(rows, 0, 2), "only the rows that count");
    }

    /** Pieces of all sizes, which end inside rows, put together are the rows. */
    @ParameterizedTest
    @ValueSource(ints = {4, 8, 12, 20, 36, 60})
    void piecesOfRowsAreTheRows(int piece) {
        int[] from = IntStream.range(0, 30).toArray();
        int[] rows = {9, 0, 4, 4, 5};
        int[] to = new int[15];
        MemorySegment all = MemorySegment.ofArray(to);
        for (long at = 0; at < all.byteSize(); at += piece) {
            MemorySegment part = all.asSlice(at, Math.min(piece, all.byteSize() - at));
            Transfers.gather(MemorySegment.ofArray(from), 12, rows, at, part);
        }
        assertArrayEquals(new int[] {27, 28, 29, 0, 1, 2, 12, 13, 14, 12, 13, 14, 15, 16, 17}, to);
    }
}
