package org.keras4j.backend.cpu.kernels;

/** Swaps the two axes of a matrix. */
public final class Transpose {
    /** Side of the square that is moved at a time: 16 rows of one cache line each. */
    private static final int TILE = 16;

    private Transpose() {}

    /**
     * Writes {@code to[j][i] = from[i][j]} for {@code rows x columns} elements; {@code ldf} and {@code ldt} are row
     * lengths.
     */
    public static void block(float[] from, int fo, int ldf, int rows, int columns, float[] to, int at, int ldt) {
        for (int i = 0; i < rows; i += TILE) {
            int height = Math.min(TILE, rows - i);
            for (int j = 0; j < columns; j += TILE) {
                int width = Math.min(TILE, columns - j);
                int source = fo + i * ldf + j;
                int target = at + j * ldt + i;
                if (height == TILE && width == TILE && ldt < ldf / 2) byRows(from, source, ldf, to, target, ldt);
                else if (height == TILE && width == TILE) full(from, source, ldf, to, target, ldt);
                else rest(from, source, ldf, height, width, to, target, ldt);
            }
        }
    }

    private static void full(float[] from, int f, int ldf, float[] to, int t, int ldt) {
        for (int j = 0; j < TILE; j++) {
            for (int i = 0; i < TILE; i++) to[t + i] = from[f + i * ldf];
            f++;
            t += ldt;
        }
    }

    /** Reads whole lines; where rows of the target are near to each other that is three times as fast. */
    private static void byRows(float[] from, int f, int ldf, float[] to, int t, int ldt) {
        for (int i = 0; i < TILE; i++) {
            for (int j = 0; j < TILE; j++) to[t + j * ldt] = from[f + j];
            f += ldf;
            t++;
        }
    }

    private static void rest(float[] from, int f, int ldf, int rows, int columns, float[] to, int t, int ldt) {
        for (int j = 0; j < columns; j++) {
            for (int i = 0; i < rows; i++) to[t + i] = from[f + i * ldf];
            f++;
            t += ldt;
        }
    }
}
