package org.keras4j.backend.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.jocl.cl_mem;
import org.junit.jupiter.api.Test;

class BufferPoolTest {
    private final BufferPool pool = new BufferPool(10_000);

    private static OpenClBuffer.Block block(long bytes) {
        return new OpenClBuffer.Block(new cl_mem(), bytes);
    }

    @Test
    void sizesAreRoundedUpByAnEighthAtMost() {
        assertEquals(256, BufferPool.rounded(1));
        for (long bytes = 257; bytes < 1L << 40; bytes = bytes * 9 / 7 + 1) {
            long rounded = BufferPool.rounded(bytes);
            assertTrue(
                    rounded >= bytes && (rounded - bytes < 256 || rounded - bytes <= bytes / 8), bytes + " " + rounded);
            assertEquals(rounded, BufferPool.rounded(rounded), "a rounded size stays as it is");
        }
    }

    @Test
    void aKeptBlockIsTakenForItsSizeOnly() {
        OpenClBuffer.Block block = block(512);
        assertTrue(pool.keep(block));
        assertEquals(512, pool.bytes());
        assertNull(pool.take(256));
        assertSame(block, pool.take(512));
        assertNull(pool.take(512));
        assertEquals(0, pool.bytes());
    }

    @Test
    void noMoreIsKeptThanTheBound() {
        assertTrue(pool.keep(block(6000)));
        assertFalse(pool.keep(block(6000)));
        assertTrue(pool.keep(block(4000)));
    }

    @Test
    void drainingGivesTheLargestFirst() {
        pool.keep(block(512));
        pool.keep(block(4096));
        pool.take(512);
        pool.keep(block(512));
        OpenClBuffer.Block first = pool.drain();
        OpenClBuffer.Block second = pool.drain();
        assertTrue(first != null && first.bytes() == 4096);
        assertTrue(second != null && second.bytes() == 512);
        assertNull(pool.drain());
        assertEquals(0, pool.bytes());
    }

    @Test
    void aClosedPoolKeepsNothing() {
        pool.close();
        assertFalse(pool.keep(block(256)));
    }
}
