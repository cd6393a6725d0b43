package org.keras4j.backend.cpu.kernels;

import org.keras4j.op.Philox;

/** Fills tensors with the random numbers of the Philox generator, which can start anywhere: parts are independent. */
public final class Randoms {
    private static final int BLOCK = 4 * 1024;

    private Randoms() {}

    /** Writes uniform numbers of at least 0 and below 1. */
    public static void uniform(WorkPool pool, int key0, int key1, float[] to, int at, int n) {
        if (n == 0) return;
        Work work = (index, scratch) -> {
            int[] words = scratch.ints(4);
            int end = Math.min(n, (index + 1) * BLOCK);
            for (int i = index * BLOCK; i < end; i += 4) {
                Philox.block(key0, key1, i / 4, words);
                int count = Math.min(4, end - i);
                for (int j = 0; j < count; j++) to[at + i + j] = (words[j] >>> 8) * 0x1p-24f;
            }
        };
        pool.run(Blocks.divideUp(n, BLOCK), work);
    }

    /** Writes normal numbers of mean 0 and variance 1: Box and Muller's polar pairs. */
    public static void normal(WorkPool pool, int key0, int key1, float[] to, int at, int n) {
        if (n == 0) return;
        Work work = (index, scratch) -> {
            int[] words = scratch.ints(4);
            int end = Math.min(n, (index + 1) * BLOCK);
            for (int i = index * BLOCK; i < end; i += 4) {
                Philox.block(key0, key1, i / 4, words);
                for (int j = 0; j < 4 && i + j < end; j += 2) {
                    double radius = Math.sqrt(-2 * Math.log(((words[j] >>> 8) + 1) * 0x1p-24));
                    double angle = 2 * Math.PI * ((words[j + 1] >>> 8) * 0x1p-24);
                    to[at + i + j] = (float) (radius * Math.cos(angle));
                    if (i + j + 1 < end) to[at + i + j + 1] = (float) (radius * Math.sin(angle));
                }
            }
        };
        pool.run(Blocks.divideUp(n, BLOCK), work);
    }
}
