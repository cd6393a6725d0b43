package org.keras4j.op;

/** The Philox-4x32-10 generator: J. Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011. */
public final class Philox {
    private static final long M0 = 0xD2511F53L;
    private static final long M1 = 0xCD9E8D57L;
    private static final int W0 = 0x9E3779B9;
    private static final int W1 = 0xBB67AE85;

    private Philox() {}

    /** Writes the four words that belong to {@code counter} under the key {@code (key0, key1)}. */
    public static void block(int key0, int key1, long counter, int[] words) {
        int c0 = (int) counter;
        int c1 = (int) (counter >>> 32);
        int c2 = 0;
        int c3 = 0;
        int k0 = key0;
        int k1 = key1;
        for (int round = 0; round < 10; round++) {
            long p0 = M0 * (c0 & 0xffff_ffffL);
            long p1 = M1 * (c2 & 0xffff_ffffL);
            c0 = (int) (p1 >>> 32) ^ c1 ^ k0;
            c1 = (int) p1;
            c2 = (int) (p0 >>> 32) ^ c3 ^ k1;
            c3 = (int) p0;
            k0 += W0;
            k1 += W1;
        }
        words[0] = c0;
        words[1] = c1;
        words[2] = c2;
        words[3] = c3;
    }

    /** Fills with uniform numbers of at least 0 and below 1, as {@link Op.Random} says. */
    public static void uniform(int key0, int key1, double[] out) {
        var words = new int[4];
        for (int i = 0; i < out.length; i++) {
            if (i % 4 == 0) block(key0, key1, i / 4, words);
            out[i] = (words[i % 4] >>> 8) * 0x1p-24;
        }
    }

    /** Fills with normal numbers of mean 0 and variance 1, as {@link Op.Random} says. */
    public static void normal(int key0, int key1, double[] out) {
        var words = new int[4];
        for (int i = 0; i < out.length; i += 2) {
            if (i % 4 == 0) block(key0, key1, i / 4, words);
            double u = ((words[i % 4] >>> 8) + 1) * 0x1p-24;
            double v = (words[i % 4 + 1] >>> 8) * 0x1p-24;
            double radius = Math.sqrt(-2 * Math.log(u));
            out[i] = radius * Math.cos(2 * Math.PI * v);
            if (i + 1 < out.length) out[i + 1] = radius * Math.sin(2 * Math.PI * v);
        }
    }
}
