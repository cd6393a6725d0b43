package org.keras4j.layers;

import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;

/** Makes small whole numbers of a matrix of weights, on the host and in float32, so that all bits are Keras's. */
final class Quantizer {
    static final double EPSILON = 1e-7;
    private static final int FOUR_BITS_LEAST = -8;
    private static final int FOUR_BITS_MOST = 7;

    /**
     * A quantized matrix.
     *
     * @param wholes int8, as the matrix
     * @param scale one for each column, or for each block of rows and column
     * @param zero what stands for 0 in each block and column, in whole numbers; null where that is 0
     */
    record Quantized(
            NDArray wholes, NDArray scale, @Nullable NDArray zero) {}

    private Quantizer() {}

    /** Returns {@code round(x * scale)}, where the greatest element of each column becomes the greatest number. */
    static Quantized byColumn(NDArray matrix, int bits) {
        int rows = matrix.shape().dim(0);
        int columns = matrix.shape().dim(1);
        float[] x = matrix.floats();
        int most = bits == 8 ? 127 : FOUR_BITS_MOST;
        int least = bits == 8 ? -127 : FOUR_BITS_LEAST;
        var scale = new float[columns];
        NDArray wholes = NDArray.zeros(DType.INT8, matrix.shape());
        for (int j = 0; j < columns; j++) {
            float greatest = 0;
            for (int i = 0; i < rows; i++) greatest = Math.max(greatest, Math.abs(x[i * columns + j]));
            scale[j] = most / (greatest + (float) EPSILON);
            for (int i = 0; i < rows; i++)
                wholes.set(i * columns + j, Math.clamp(Math.rint(x[i * columns + j] * scale[j]), least, most));
        }
        return new Quantized(wholes, NDArray.of(Shape.of(columns), scale), null);
    }

    /** Returns 4-bit numbers {@code round(x / scale) + zero} whose range is that of each block of rows and column. */
    static Quantized inBlocks(NDArray matrix, int blockSize) {
        int rows = matrix.shape().dim(0);
        int columns = matrix.shape().dim(1);
        int blocks = Math.ceilDiv(rows, blockSize);
        float[] x = matrix.floats();
        var scale = new float[blocks * columns];
        NDArray zero = NDArray.zeros(DType.INT8, Shape.of(blocks, columns));
        NDArray wholes = NDArray.zeros(DType.INT8, matrix.shape());
        for (int block = 0; block < blocks; block++) {
            int from = block * blockSize;
            int to = Math.min(rows, from + blockSize);
            for (int j = 0; j < columns; j++) {
                boolean isFilled = to - from < blockSize; // with zeros, which count
                float least = isFilled ? 0 : Float.POSITIVE_INFINITY;
                float most = isFilled ? 0 : Float.NEGATIVE_INFINITY;
                for (int i = from; i < to; i++) {
                    least = Math.min(least, x[i * columns + j]);
                    most = Math.max(most, x[i * columns + j]);
                }
                int at = block * columns + j;
                scale[at] = (most - least + (float) EPSILON) / (FOUR_BITS_MOST - FOUR_BITS_LEAST);
                double z = held(Math.rint(-least / scale[at]) + FOUR_BITS_LEAST);
                zero.set(at, z);
                for (int i = from; i < to; i++)
                    wholes.set(i * columns + j, held(Math.rint(x[i * columns + j] / scale[at]) + z));
            }
        }
        return new Quantized(wholes, NDArray.of(Shape.of(blocks, columns), scale), zero);
    }

    private static double held(double whole) {
        return Math.clamp(whole, FOUR_BITS_LEAST, FOUR_BITS_MOST);
    }

    /** Puts two 4-bit numbers that are neighbours along an axis of a matrix into a byte, the first one below. */
    static NDArray pack(NDArray wholes, int axis) {
        int rows = wholes.shape().dim(0);
        int columns = wholes.shape().dim(1);
        Shape packed = wholes.shape().with(axis, Math.ceilDiv(wholes.shape().dim(axis), 2));
        NDArray bytes = NDArray.zeros(DType.INT8, packed);
        int stride = axis == 0 ? columns : 1;
        for (int i = 0; i < packed.dim(0); i++)
            for (int j = 0; j < packed.dim(1); j++) {
                int first = axis == 0 ? 2 * i * columns + j : i * columns + 2 * j;
                boolean isAlone = axis == 0 ? 2 * i + 1 >= rows : 2 * j + 1 >= columns;
                int low = (int) wholes.get(first) & 15;
                int high = isAlone ? 0 : (int) wholes.get(first + stride) & 15;
                bytes.set(i * packed.dim(1) + j, (byte) (high << 4 | low));
            }
        return bytes;
    }
}
