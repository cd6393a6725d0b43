package org.keras4j.backend.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;
import org.junit.jupiter.api.Test;

class DivisorTest {
    private static final int MOST = Integer.MAX_VALUE;
    private static final int[] DIVISORS = {
        1, 2, 3, 5, 7, 10, 255, 256, 257, 641, 65_535, 65_537, 1 << 30, MOST - 1, MOST
    };

    /** The same as quotient() of dialect/common.h. */
    private static int quotient(int n, Divisor by) {
        long high = (n & 0xffff_ffffL) * (by.magic() & 0xffff_ffffL) >>> 32;
        return (int) ((high + n & 0xffff_ffffL) >>> by.shift());
    }

    @Test
    void dividesLikeADivision() {
        var random = new Random(1);
        for (int d : DIVISORS) {
            for (int n : new int[] {0, 1, d - 1, d, MOST - 1, MOST, MOST / d * d, Math.max(0, MOST / d * d - 1)})
                assertEquals(n / d, quotient(n, Divisor.of(d)), n + " / " + d);
            for (int i = 0; i < 1000; i++) {
                int n = random.nextInt() >>> 1;
                assertEquals(n / d, quotient(n, Divisor.of(d)), n + " / " + d);
            }
        }
        for (int i = 0; i < 100_000; i++) {
            int d = 1 + (random.nextInt() >>> 1 + random.nextInt(30)) % MOST;
            int n = random.nextInt() >>> 1;
            assertEquals(n / d, quotient(n, Divisor.of(d)), n + " / " + d);
        }
    }

    @Test
    void refusesZero() {
        assertThrows(IllegalArgumentException.class, () -> Divisor.of(0));
    }
}
