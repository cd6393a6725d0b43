package org.keras4j.utils;

import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;

/** Changes arrays before they are given to a model, as functions of {@code keras.utils} do. */
public final class Numerical {
    private Numerical() {}

    /** Makes one-hot rows of class numbers from 0 to the greatest one. */
    public static NDArray toCategorical(Object x) {
        return categorical(x, null);
    }

    /**
     * Makes one-hot rows of class numbers: {@code (..., numClasses)} of float64, as in Keras; a last axis of size 1
     * goes.
     *
     * @param x whole numbers from 0 to below {@code numClasses}; negative ones count from the end, as in NumPy
     * @throws IllegalArgumentException if a number is no class
     */
    public static NDArray toCategorical(Object x, int numClasses) {
        return categorical(x, numClasses);
    }

    private static NDArray categorical(Object x, @Nullable Integer given) {
        NDArray classes = x instanceof NDArray a ? a : NDArray.of(x);
        Shape shape = classes.shape();
        if (shape.rank() > 1 && shape.last() == 1) shape = shape.slice(0, shape.rank() - 1);
        long greatest = -1;
        for (int i = 0; i < classes.size(); i++) greatest = Math.max(greatest, classes.getLong(i));
        if (given == null && classes.size() == 0)
            throw new IllegalArgumentException("to_categorical: expected class numbers or num_classes, got neither");
        int count = given == null ? Math.toIntExact(greatest + 1) : given;
        NDArray out = NDArray.zeros(DType.FLOAT64, shape.concat(Shape.of(count)));
        for (int i = 0; i < classes.size(); i++) {
            long number = classes.getLong(i);
            if (number < -count || number >= count)
                throw new IllegalArgumentException(
                        "to_categorical: expected class numbers below " + count + ", got " + number + " at " + i);
            out.set((int) (i * (long) count + (number < 0 ? number + count : number)), 1);
        }
        return out;
    }

    /** Divides by the Euclidean norm along the last axis. */
    public static NDArray normalize(NDArray x) {
        return normalize(x, -1, 2);
    }

    /**
     * Divides by the norm along an axis; where it is 0, nothing changes.
     *
     * @param order 2 for the Euclidean norm, 1 for the sum of magnitudes, infinity for the greatest one, or any
     *     positive order
     */
    public static NDArray normalize(NDArray x, int axis, double order) {
        if (!(order > 0)) throw new IllegalArgumentException("normalize: expected a positive order, got " + order);
        Shape shape = x.shape();
        int at = shape.axis(axis);
        int length = shape.dim(at);
        int inner = (int) shape.size(at + 1, shape.rank());
        DType dtype = x.dtype().isFloating() ? x.dtype() : DType.FLOAT64;
        NDArray out = NDArray.zeros(dtype, shape);
        for (int line = 0; length > 0 && line < x.size() / length; line++) {
            int from = line / inner * length * inner + line % inner;
            double norm = norm(x, from, inner, length, order);
            for (int i = 0; i < length; i++)
                out.set(from + i * inner, x.get(from + i * inner) / (norm == 0 ? 1 : norm));
        }
        return out;
    }

    private static double norm(NDArray x, int from, int step, int length, double order) {
        double sum = 0;
        double greatest = 0;
        for (int i = 0; i < length; i++) {
            double magnitude = Math.abs(x.get(from + i * step));
            greatest = Math.max(greatest, magnitude);
            sum += order == 2 ? magnitude * magnitude : order == 1 ? magnitude : Math.pow(magnitude, order);
        }
        if (Double.isInfinite(order)) return greatest;
        return order == 2 ? Math.sqrt(sum) : order == 1 ? sum : Math.pow(sum, 1 / order);
    }
}
