package org.keras4j.backend.cpu.kernels;

import jdk.incubator.vector.FloatVector;

/** Fixes the block sizes of all matrix products; they depend on the machine's vectors only, never on its threads. */
final class Blocks {
    /** Floats in a vector. */
    static final int LANES = FloatVector.SPECIES_PREFERRED.length();
    /** Columns of a panel of B: two vectors. */
    static final int WIDTH = 2 * LANES;
    /** Rows of the tallest tile: 28 accumulators of 32 registers, or 12 of the 16 that AVX2 and SSE have. */
    static final int HEIGHT = manyRegisters() ? 14 : 6;
    /** Distance of two columns in a panel of A that has the rows side by side: a power of two of at least HEIGHT. */
    static final int STEP = HEIGHT > 8 ? 16 : 8;
    /** Longest piece of the contraction: a panel of A of 14 x 256 floats fills less than half of a 32 KB L1. */
    static final int DEPTH = 256;
    /** Columns whose packed B ({@code DEPTH x COLUMNS} floats, 512 KB) stays in L2 while the tiles of A pass by. */
    static final int COLUMNS = 512;

    private Blocks() {}

    private static boolean manyRegisters() {
        String architecture = System.getProperty("os.arch", "");
        return LANES == 16 || architecture.equals("aarch64");
    }

    /** Returns the length of the pieces that a contraction over {@code k} is cut into: equal ones of at most DEPTH. */
    static int depth(int k) {
        if (k <= DEPTH) return Math.max(1, k);
        int pieces = divideUp(k, DEPTH);
        return Math.min(DEPTH, divideUp(divideUp(k, pieces), 8) * 8);
    }

    /** Returns the height of the next tile when {@code rows} rows are left: 16 rows are rather twice 8 than 14 and 2. */
    static int height(int rows) {
        if (rows <= 16 && rows > HEIGHT && HEIGHT > 8) return 8;
        if (rows >= HEIGHT) return HEIGHT;
        if (rows >= 8 && HEIGHT >= 8) return 8;
        if (rows >= 6) return 6;
        if (rows >= 4) return 4;
        return rows >= 2 ? 2 : 1;
    }

    /** Returns {@code n} rounded up so that the last panel of B is one or two whole vectors wide. */
    static int paddedColumns(int n) {
        return (n + LANES - 1) / LANES * LANES;
    }

    static int divideUp(int a, int b) {
        return (a + b - 1) / b;
    }
}
