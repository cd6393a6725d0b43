package org.keras4j.layers;

import java.util.List;
import java.util.Locale;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;

/**
 * Changes the size of one axis, with samples at the centres of places. Each result is a mean of inputs near its centre,
 * weighted by a kernel of their distance: a triangle, Keys' cubic with a = -0.5 (Keys 1981) or a windowed sinc.
 */
final class Resample {
    private static final List<String> METHODS = List.of("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5");

    private Resample() {}

    /** Returns the method's name in lower case if it is known. */
    static String checked(String who, String method) {
        String lower = method.toLowerCase(Locale.ROOT);
        if (METHODS.contains(lower)) return lower;
        throw new IllegalArgumentException(
                who + ": interpolation must be one of " + METHODS + ", got \"" + method + "\"");
    }

    /**
     * Resizes {@code axis} to {@code size}.
     *
     * @param antialias whether the kernel widens as the axis shrinks, so that all inputs count
     */
    static Tensor axis(Tensor x, int axis, int size, String method, boolean antialias) {
        int n = x.shape().dim(axis);
        if (n == size) return x;
        if (method.equals("nearest")) return K.take(x, Tensor.of(nearest(n, size)), axis);
        DType wide = x.dtype() == DType.FLOAT64 ? DType.FLOAT64 : DType.FLOAT32;
        Tensor weights = Tensor.of(weights(n, size, method, antialias, wide));
        Tensor last = K.moveaxis(K.cast(x, wide), axis, -1);
        return K.cast(K.moveaxis(K.matmul(last, weights), -1, axis), x.dtype());
    }

    private static NDArray nearest(int n, int size) {
        var index = new int[size];
        for (int i = 0; i < size; i++) index[i] = Math.min(n - 1, (int) Math.floor((i + 0.5) * n / size));
        return NDArray.of(Shape.of(size), index);
    }

    /** Returns {@code [n, size]}, whose columns add up to 1. */
    private static NDArray weights(int n, int size, String method, boolean antialias, DType dtype) {
        NDArray out = NDArray.zeros(dtype, Shape.of(n, size));
        double step = (double) n / size;
        double width = antialias ? Math.max(step, 1) : 1;
        var column = new double[n];
        for (int i = 0; i < size; i++) {
            double centre = (i + 0.5) * step - 0.5;
            double sum = 0;
            for (int j = 0; j < n; j++) {
                column[j] = kernel(method, Math.abs(centre - j) / width);
                sum += column[j];
            }
            for (int j = 0; j < n; j++) out.set(j * size + i, column[j] / sum);
        }
        return out;
    }

    private static double kernel(String method, double x) {
        return switch (method) {
            case "bilinear" -> Math.max(0, 1 - x);
            case "bicubic" -> {
                if (x < 1) yield ((1.5 * x - 2.5) * x) * x + 1;
                yield x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
            }
            case "lanczos3" -> lanczos(x, 3);
            case "lanczos5" -> lanczos(x, 5);
            default -> throw new IllegalArgumentException("no kernel for interpolation \"" + method + "\"");
        };
    }

    private static double lanczos(double x, int radius) {
        if (x > radius) return 0;
        if (x < 1e-3) return 1;
        return radius * Math.sin(Math.PI * x) * Math.sin(Math.PI * x / radius) / (Math.PI * Math.PI * x * x);
    }
}
