package org.keras4j.backend.cpu.kernels;

/** Packs rows of the left factor A that is stored transposed. */
final class LeftPanels {
    private LeftPanels() {}

    /** Writes {@code panel[k][height]} from A stored as {@code [k][lda]}; {@code from} is the place of its first element. */
    static void columns(float[] a, int from, int lda, int height, int depth, float[] panel) {
        int to = 0;
        if (height == 14) {
            for (int k = 0; k < depth; k++) {
                for (int i = 0; i < 14; i++) panel[to + i] = a[from + i];
                from += lda;
                to += 14;
            }
            return;
        }
        for (int k = 0; k < depth; k++) {
            for (int i = 0; i < height; i++) panel[to + i] = a[from + i];
            from += lda;
            to += height;
        }
    }
}
