package org.keras4j.backend.cpu.kernels;

/** The register tiles for one distance between two rows of A; see {@link DirectTiles}. */
interface Tiles {
    // spotless:off
    /** Adds the product of A and B to the tile of C of this height and of one or two vectors. */
    void run(
            int height,
            boolean wide,
            int depth,
            float[] a,
            int ai,
            float[] b,
            int bi,
            int ldb,
            float[] c,
            int ci,
            int ldc);
    // spotless:on
}
