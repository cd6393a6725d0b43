package org.keras4j.metrics;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;

/** Numbers above which a prediction means yes, and whether they lie evenly from 0 to 1. */
record Thresholds(List<Double> values, boolean even) {
    /** Below all predictions, where only the k greatest are to count. */
    static final double NONE = -1e10;

    /** Takes thresholds from 0 to 1, or {@code otherwise} if there are none. */
    static Thresholds of(String className, @Nullable List<Double> given, double otherwise) {
        if (given == null) return new Thresholds(List.of(otherwise), false);
        for (double t : given)
            if (!(t >= 0 && t <= 1))
                throw new IllegalArgumentException(className + ": expected thresholds from 0 to 1, got " + given);
        return new Thresholds(List.copyOf(given), isEven(given));
    }

    /** Returns {@code count} thresholds from 0 to 1. */
    static Thresholds evenly(String className, int count) {
        if (count < 1)
            throw new IllegalArgumentException(className + ": expected num_thresholds of 1 or more, got " + count);
        if (count == 1) return new Thresholds(List.of(0.5), false);
        Double[] values = new Double[count];
        for (int i = 0; i < count; i++) values[i] = i / (count - 1.0);
        return new Thresholds(List.of(values), true);
    }

    static boolean isEven(List<Double> values) {
        int n = values.size();
        if (n < 3) return false;
        for (int i = 0; i < n; i++) {
            double even = i / (n - 1.0);
            if (Math.abs(values.get(i) - even) > K.epsilon() + 1e-5 * even) return false;
        }
        return true;
    }

    int size() {
        return values.size();
    }

    /** Says whether the first and last are a little outside of 0 and 1, so that all predictions lie between. */
    boolean hasMargin() {
        return values.getFirst() < 0 || values.getLast() > 1;
    }

    /** Returns the thresholds as a column with {@code rank} axes. */
    Tensor column(int rank, DType dtype) {
        var data = new double[size()];
        for (int i = 0; i < data.length; i++) data[i] = values.get(i);
        int[] dims = new int[rank];
        Arrays.fill(dims, 1);
        dims[0] = data.length;
        return Tensor.of(NDArray.of(Shape.of(dims), data).cast(dtype));
    }
}
