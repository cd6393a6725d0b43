package org.keras4j.backend.cpu.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;
import org.keras4j.op.Philox;

/** Fills tensors with the random numbers of the Philox generator, which can start anywhere: parts are independent. */
public final class Randoms {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Integer> I = IntVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Long> LONGS = LongVector.SPECIES_PREFERRED;
    private static final int L = S.length();
    /** Counters that are worked on together, one in each lane of 64 bits. */
    private static final int COUNTERS = LONGS.length();

    private static final VectorShuffle<Long> LOWER_HALVES = zip(0);
    private static final VectorShuffle<Long> UPPER_HALVES = zip(COUNTERS / 2);
    private static final long[] UPWARDS = LongVector.zero(LONGS).addIndex(1).toArray();
    private static final int BLOCK = 4 * 1024;
    private static final long LOW = 0xffff_ffffL;
    private static final long M0 = 0xD2511F53L;
    private static final long M1 = 0xCD9E8D57L;
    private static final int W0 = 0x9E3779B9;
    private static final int W1 = 0xBB67AE85;

    private Randoms() {}

    /** Returns the shuffle that takes lanes of two vectors in turn, from lane {@code first} of each on. */
    private static VectorShuffle<Long> zip(int first) {
        return VectorShuffle.fromOp(LONGS, i -> first + i / 2 + (i % 2 == 0 ? 0 : COUNTERS));
    }

    /** Writes uniform numbers of at least 0 and below 1. */
    public static void uniform(WorkPool pool, int key0, int key1, float[] to, int at, int n) {
        if (n == 0) return;
        Work work = (index, scratch) -> {
            int first = index * BLOCK;
            int count = Math.min(n - first, BLOCK);
            int[] words = scratch.ints(BLOCK);
            words(key0, key1, first / 4, Blocks.divideUp(count, 4), words);
            fractions(words, to, at + first, count);
        };
        pool.run(Blocks.divideUp(n, BLOCK), work);
    }

    /** Writes normal numbers of mean 0 and variance 1: Box and Muller's polar pairs. */
    public static void normal(WorkPool pool, int key0, int key1, float[] to, int at, int n) {
        if (n == 0) return;
        Work work = (index, scratch) -> {
            int first = index * BLOCK;
            int count = Math.min(n - first, BLOCK);
            int[] words = scratch.ints(BLOCK);
            words(key0, key1, first / 4, Blocks.divideUp(count, 4), words);
            for (int i = 0; i < count; i += 2) {
                double radius = Math.sqrt(-2 * Math.log(((words[i] >>> 8) + 1) * 0x1p-24));
                double angle = 2 * Math.PI * ((words[i + 1] >>> 8) * 0x1p-24);
                to[at + first + i] = (float) (radius * Math.cos(angle));
                if (i + 1 < count) to[at + first + i + 1] = (float) (radius * Math.sin(angle));
            }
        };
        pool.run(Blocks.divideUp(n, BLOCK), work);
    }

    /** Writes the four words of each of {@code count} counters from {@code first} on. */
    private static void words(int key0, int key1, int first, int count, int[] to) {
        int i = 0;
        for (; i <= count - COUNTERS; i += COUNTERS) block(key0, key1, first + i, to, 4 * i);
        if (i == count) return;
        int[] four = new int[4];
        for (; i < count; i++) {
            Philox.block(key0, key1, first + i, four);
            System.arraycopy(four, 0, to, 4 * i, 4);
        }
    }

    /** Does what {@link Philox#block} does for a vector of counters. */
    private static void block(int key0, int key1, int first, int[] to, int at) {
        LongVector c0 = LongVector.fromArray(LONGS, UPWARDS, 0).add(first);
        LongVector c1 = LongVector.zero(LONGS);
        LongVector c2 = c1;
        LongVector c3 = c1;
        LongVector m0 = LongVector.broadcast(LONGS, M0);
        LongVector m1 = LongVector.broadcast(LONGS, M1);
        int k0 = key0;
        int k1 = key1;
        for (int round = 0; round < 10; round++) {
            LongVector p0 = c0.and(LOW).mul(m0.and(LOW));
            LongVector p1 = c2.and(LOW).mul(m1.and(LOW));
            c0 = p1.lanewise(VectorOperators.LSHR, 32)
                    .lanewise(VectorOperators.XOR, c1)
                    .lanewise(VectorOperators.XOR, k0 & LOW);
            c1 = p1.and(LOW);
            c2 = p0.lanewise(VectorOperators.LSHR, 32)
                    .lanewise(VectorOperators.XOR, c3)
                    .lanewise(VectorOperators.XOR, k1 & LOW);
            c3 = p0.and(LOW);
            k0 += W0;
            k1 += W1;
        }
        LongVector a = c0.or(c1.lanewise(VectorOperators.LSHL, 32));
        LongVector b = c2.or(c3.lanewise(VectorOperators.LSHL, 32));
        a.rearrange(LOWER_HALVES, b).reinterpretAsInts().intoArray(to, at);
        a.rearrange(UPPER_HALVES, b).reinterpretAsInts().intoArray(to, at + 2 * COUNTERS);
    }

    private static void fractions(int[] words, float[] to, int at, int n) {
        int i = 0;
        for (; i <= n - L; i += L) {
            IntVector bits = IntVector.fromArray(I, words, i).lanewise(VectorOperators.LSHR, 8);
            ((FloatVector) bits.convert(VectorOperators.I2F, 0)).mul(0x1p-24f).intoArray(to, at + i);
        }
        for (; i < n; i++) to[at + i] = (words[i] >>> 8) * 0x1p-24f;
    }
}
