package org.keras4j.utils;

/**
 * The generator behind {@code numpy.random.RandomState}, as far as it shuffles: with its seeds, data sets are split as
 * Keras splits them. M. Matsumoto and T. Nishimura, "Mersenne twister" (1998), MT19937.
 */
public final class RandomState {
    private static final int SIZE = 624;
    private static final int SHIFT = 397;

    private final int[] state = new int[SIZE];
    private int position = SIZE;

    public RandomState(int seed) {
        state[0] = seed;
        for (int i = 1; i < SIZE; i++) state[i] = 1812433253 * (state[i - 1] ^ (state[i - 1] >>> 30)) + i;
    }

    /** Puts {@code items} into another order, the one that {@code shuffle} gives there. */
    public void shuffle(int[] items) {
        for (int i = items.length - 1; i > 0; i--) {
            int j = upTo(i);
            int kept = items[i];
            items[i] = items[j];
            items[j] = kept;
        }
    }

    /** Returns the numbers below {@code count} in the order that {@code shuffle} gives them. */
    public int[] permutation(int count) {
        var items = new int[count];
        for (int i = 0; i < count; i++) items[i] = i;
        shuffle(items);
        return items;
    }

    /** Returns a number from 0 to {@code most}: bits are drawn until they make one. */
    private int upTo(int most) {
        int mask = -1 >>> Integer.numberOfLeadingZeros(most);
        int value = next() & mask;
        while (value > most) value = next() & mask;
        return value;
    }

    private int next() {
        if (position == SIZE) twist();
        int y = state[position++];
        y ^= y >>> 11;
        y ^= y << 7 & 0x9d2c5680;
        y ^= y << 15 & 0xefc60000;
        return y ^ y >>> 18;
    }

    private void twist() {
        for (int i = 0; i < SIZE; i++) {
            int y = state[i] & 0x80000000 | state[(i + 1) % SIZE] & 0x7fffffff;
            state[i] = state[(i + SHIFT) % SIZE] ^ y >>> 1 ^ ((y & 1) == 0 ? 0 : 0x9908b0df);
        }
        position = 0;
    }
}
