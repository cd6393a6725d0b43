package org.keras4j.layers;

import java.util.List;
import org.keras4j.DType;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/** Colours of images. */
final class ColorRange {
    private ColorRange() {}

    /** Returns {@code x} as {@code dtype}; whole numbers are rounded, and bounded by what the dtype can hold. */
    static Tensor saturated(Tensor x, DType dtype) {
        if (x.dtype() == dtype) return x;
        if (!dtype.isInteger()) return K.cast(x, dtype);
        double least = dtype.isUnsigned() ? 0 : -Math.pow(2, dtype.bits() - 1);
        double most = Math.pow(2, dtype.isUnsigned() ? dtype.bits() : dtype.bits() - 1) - 1;
        return K.cast(K.clip(K.round(x), least, most), dtype);
    }

    /** Returns the pair (low, high) that a factor means: itself, or (-f, f) or (0, f) for one number. */
    static double[] range(ConfigReader config, String key, double low, double high) {
        Object value = config.get(key);
        if (value == null) return new double[] {low, high};
        if (value instanceof Number n) return new double[] {n.doubleValue(), n.doubleValue()};
        if (value instanceof List<?> pair
                && pair.size() == 2
                && pair.get(0) instanceof Number a
                && pair.get(1) instanceof Number b) return new double[] {a.doubleValue(), b.doubleValue()};
        throw config.wrong(key, "a number or a pair of numbers", value);
    }
}
