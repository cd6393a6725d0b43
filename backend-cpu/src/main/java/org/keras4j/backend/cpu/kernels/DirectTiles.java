package org.keras4j.backend.cpu.kernels;

/** Chooses the tiles whose rows of A lie a fixed number of floats apart in the tensor itself. */
final class DirectTiles {
    private DirectTiles() {}

    /** Says whether there are tiles for this distance. */
    static boolean exist(int distance) {
        return distance == 16 || distance == 32 || distance == 64 || distance == 128;
    }

    // spotless:off
    static void run(int distance, int height, boolean wide, int depth, float[] a, int ai, float[] b, int bi, int ldb, float[] c, int ci, int ldc) {
        switch (distance) {
            case 16 -> DirectTiles16.run(height, wide, depth, a, ai, b, bi, ldb, c, ci, ldc);
            case 32 -> DirectTiles32.run(height, wide, depth, a, ai, b, bi, ldb, c, ci, ldc);
            case 64 -> DirectTiles64.run(height, wide, depth, a, ai, b, bi, ldb, c, ci, ldc);
            case 128 -> DirectTiles128.run(height, wide, depth, a, ai, b, bi, ldb, c, ci, ldc);
            default -> throw new IllegalArgumentException("no tiles for rows " + distance + " floats apart");
        }
    }
    // spotless:on
}
