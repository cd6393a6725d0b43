package org.keras4j.initializers;

import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.keras4j.NDArray;
import org.keras4j.op.Philox;

/** Random numbers that depend only on the seed and the position, so that pieces can be filled at the same time. */
record Draw(long seed) {
    private static final int PIECE = 1 << 16;
    /** Retries of a block take counters this far apart, beyond any array's last block. */
    private static final long RETRY = 1L << 32;

    void uniform(NDArray out, double low, double high) {
        blocks(out.size(), block -> {
            var words = new int[4];
            words(block, words);
            int end = Math.min(out.size(), 4 * block + 4);
            for (int i = 4 * block; i < end; i++) out.set(i, low + (high - low) * ((words[i & 3] >>> 8) * 0x1p-24));
        });
    }

    void normal(NDArray out, double mean, double stddev) {
        blocks(out.size(), block -> {
            var words = new int[4];
            var z = new double[4];
            words(block, words);
            boxMuller(words, z);
            int end = Math.min(out.size(), 4 * block + 4);
            for (int i = 4 * block; i < end; i++) out.set(i, mean + stddev * z[i & 3]);
        });
    }

    /** Draws again what is more than two standard deviations off. */
    void truncatedNormal(NDArray out, double mean, double stddev) {
        blocks(out.size(), block -> {
            var words = new int[4];
            var z = new double[4];
            int end = Math.min(out.size(), 4 * block + 4);
            int open = (1 << (end - 4 * block)) - 1;
            for (long retry = 0; open != 0; retry++) {
                words(block + retry * RETRY, words);
                boxMuller(words, z);
                for (int lane = 0; lane < 4; lane++) {
                    if ((open >> lane & 1) == 0 || Math.abs(z[lane]) > 2) continue;
                    out.set(4 * block + lane, mean + stddev * z[lane]);
                    open &= ~(1 << lane);
                }
            }
        });
    }

    private void words(long counter, int[] words) {
        Philox.block((int) seed, (int) (seed >>> 32), counter, words);
    }

    private static void boxMuller(int[] words, double[] z) {
        for (int i = 0; i < 4; i += 2) {
            double u = ((words[i] >>> 8) + 1) * 0x1p-24;
            double v = (words[i + 1] >>> 8) * 0x1p-24;
            double radius = Math.sqrt(-2 * Math.log(u));
            z[i] = radius * Math.cos(2 * Math.PI * v);
            z[i + 1] = radius * Math.sin(2 * Math.PI * v);
        }
    }

    private static void blocks(int size, IntConsumer action) {
        int blocks = Math.ceilDiv(size, 4);
        int pieces = Math.ceilDiv(blocks, PIECE);
        if (pieces <= 1) {
            for (int b = 0; b < blocks; b++) action.accept(b);
            return;
        }
        IntStream.range(0, pieces).parallel().forEach(p -> {
            int end = Math.min(blocks, (p + 1) * PIECE);
            for (int b = p * PIECE; b < end; b++) action.accept(b);
        });
    }
}
