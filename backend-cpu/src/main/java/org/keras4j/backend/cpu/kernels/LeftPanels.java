package org.keras4j.backend.cpu.kernels;

/** Packs rows of the left factor A that is stored transposed. */
final class LeftPanels {
    private LeftPanels() {}

    /**
     * Writes {@code panel[k][STEP]}, of which {@code height} columns count, from A stored as {@code [k][lda]};
     * {@code from} is the place of its first element. The panel needs room for a vector more.
     */
    static void columns(float[] a, int from, int lda, int height, int depth, float[] panel) {
        Strips.copy(a, from, lda, depth, height, panel, 0, Blocks.STEP);
    }
}
