package org.keras4j.backend.cpu.kernels;

/** The functions that a matrix product or convolution applies to its finished tiles. */
public enum Activation {
    NONE,
    RELU,
    SIGMOID,
    TANH;

    /** Writes {@code y[i] = f(x[i])}; x and y may be the same place. */
    void apply(float[] x, int xo, float[] y, int yo, int n) {
        switch (this) {
            case NONE -> {
                if (x != y || xo != yo) System.arraycopy(x, xo, y, yo, n);
            }
            case RELU -> relu(x, xo, y, yo, n);
            case SIGMOID -> VectorMath.sigmoid(x, xo, y, yo, n);
            case TANH -> VectorMath.tanh(x, xo, y, yo, n);
        }
    }

    /** Keeps NaN, as the maximum of NaN and zero does. */
    private static void relu(float[] x, int xo, float[] y, int yo, int n) {
        for (int i = 0; i < n; i++) y[yo + i] = Math.max(x[xo + i], 0f);
    }
}
