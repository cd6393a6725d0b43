package org.keras4j.backend.cpu.kernels;

/** The functions that a matrix product or convolution applies to its finished tiles. */
public enum Activation implements Epilogue {
    NONE,
    RELU,
    SIGMOID,
    TANH;

    @Override
    public void apply(float[] y, int at, int n) {
        switch (this) {
            case NONE -> {}
            case RELU -> FloatLoops.relu(y, at, y, at, n);
            case SIGMOID -> VectorMath.sigmoid(y, at, y, at, n);
            case TANH -> VectorMath.tanh(y, at, y, at, n);
        }
    }

    @Override
    public boolean isNothing() {
        return this == NONE;
    }
}
