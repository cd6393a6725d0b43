package org.keras4j.regularizers;

import java.util.LinkedHashMap;
import java.util.Map;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;

/**
 * Computes {@code factor} times the mean of the absolute cosines between all pairs of rows (or of columns) of a matrix,
 * so that these become orthogonal.
 */
public final class OrthogonalRegularizer implements Regularizer {
    private double factor = 0.01;
    private boolean rows = true;

    public OrthogonalRegularizer() {}

    /** Sets the factor and what is to be orthogonal: {@code "rows"} or {@code "columns"}. */
    public OrthogonalRegularizer(double factor, String mode) {
        factor(factor).mode(mode);
    }

    public OrthogonalRegularizer factor(double factor) {
        this.factor = Regularizers.checked("OrthogonalRegularizer", "factor", factor);
        return this;
    }

    /** Takes {@code "rows"} or {@code "columns"}. */
    public OrthogonalRegularizer mode(String mode) {
        if (!mode.equals("rows") && !mode.equals("columns"))
            throw new IllegalArgumentException(
                    "OrthogonalRegularizer: expected mode rows or columns, got \"" + mode + "\"");
        this.rows = mode.equals("rows");
        return this;
    }

    @Override
    public Tensor call(Tensor x) {
        if (x.rank() != 2)
            throw new IllegalArgumentException("OrthogonalRegularizer: expected a matrix, got shape " + x.shape());
        Tensor length = K.rsqrt(K.sum(K.square(x), rows ? 1 : 0, true));
        Tensor unit = K.multiply(x, K.minimum(length, 1 / K.epsilon()));
        Tensor product = rows ? K.matmul(unit, K.transpose(unit)) : K.matmul(K.transpose(unit), unit);
        int size = product.shape().dim(0);
        Tensor others = K.multiply(product, K.subtract(1.0, K.identity(size, x.dtype())));
        double pairs = size * (size - 1.0) / 2;
        return K.divide(K.multiply(factor * 0.5, K.sum(K.abs(others))), pairs);
    }

    /** Has the factor as a float32, which is what Keras keeps. */
    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("factor", (double) (float) factor);
        config.put("mode", rows ? "rows" : "columns");
        return config;
    }
}
