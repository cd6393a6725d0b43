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
            case RELU -> FloatLoops.relu(x, xo, y, yo, n);
            case SIGMOID -> VectorMath.sigmoid(x, xo, y, yo, n);
            case TANH -> VectorMath.tanh(x, xo, y, yo, n);
        }
    }
}
