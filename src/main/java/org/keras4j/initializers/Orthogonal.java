package org.keras4j.initializers;

import java.util.Map;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;

/**
 * Gives {@code gain} times a random matrix with orthonormal columns or rows, whichever are fewer (Saxe et al. 2013). A
 * shape of more than two axes is one matrix of all but the last axis by the last.
 */
public final class Orthogonal extends RandomInitializer<Orthogonal> {
    private double gain = 1;

    public Orthogonal() {}

    public Orthogonal(double gain) {
        this.gain = gain;
    }

    public Orthogonal(double gain, int seed) {
        this(gain);
        seed(seed);
    }

    public Orthogonal gain(double gain) {
        this.gain = gain;
        return this;
    }

    @Override
    Orthogonal self() {
        return this;
    }

    @Override
    void fill(Draw draw, NDArray out) {
        Shape shape = out.shape();
        if (shape.rank() < 2)
            throw new IllegalArgumentException("Orthogonal: expected a shape of at least two axes, got " + shape);
        int rows = (int) shape.size(0, shape.rank() - 1);
        int columns = shape.last();
        int few = Math.min(rows, columns);
        int many = Math.max(rows, columns);
        NDArray normal = NDArray.zeros(DType.FLOAT64, Shape.of(few * many));
        draw.normal(normal, 0, 1);
        var basis = new double[few][many];
        for (int i = 0; i < few; i++) System.arraycopy(normal.doubles(), i * many, basis[i], 0, many);
        orthonormalize(basis);
        for (int r = 0; r < rows; r++)
            for (int c = 0; c < columns; c++)
                out.set(r * columns + c, gain * (rows < columns ? basis[r][c] : basis[c][r]));
    }

    /** Gram-Schmidt, each vector twice: once leaves an error that grows with the condition of the matrix. */
    private static void orthonormalize(double[][] basis) {
        for (int i = 0; i < basis.length; i++) {
            double[] v = basis[i];
            for (int pass = 0; pass < 2; pass++) {
                for (int j = 0; j < i; j++) addTo(v, -dot(v, basis[j]), basis[j]);
                double scale = 1 / Math.sqrt(dot(v, v));
                for (int k = 0; k < v.length; k++) v[k] *= scale;
            }
        }
    }

    private static double dot(double[] a, double[] b) {
        double s0 = 0;
        double s1 = 0;
        int k = 0;
        for (; k + 1 < a.length; k += 2) {
            s0 += a[k] * b[k];
            s1 += a[k + 1] * b[k + 1];
        }
        if (k < a.length) s0 += a[k] * b[k];
        return s0 + s1;
    }

    private static void addTo(double[] sum, double factor, double[] v) {
        for (int k = 0; k < v.length; k++) sum[k] += factor * v[k];
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = seedConfig();
        config.put("gain", gain);
        return config;
    }
}
