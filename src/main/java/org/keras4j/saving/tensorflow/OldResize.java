package org.keras4j.saving.tensorflow;

import java.util.List;
import java.util.Map;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.layers.KerasTensor;

/**
 * Resizing as TensorFlow 1 did it: pixel {@code i} of the result lies at {@code i * in / out}, or, where corners are
 * aligned, at {@code i * (in - 1) / (out - 1)}. Two products with matrices of weights, of rows and of columns.
 */
final class OldResize {
    private OldResize() {}

    static Object resize(FunctionArguments a, boolean nearest, Emitter e) {
        KerasTensor x = a.x();
        if (x.shape().rank() != 4
                || x.shape().dim(1) == Shape.UNKNOWN
                || x.shape().dim(2) == Shape.UNKNOWN)
            throw FunctionArguments.wrong("images", "four axes, with height and width known", x);
        List<Integer> size = a.ints("size");
        boolean corners = a.bool("align_corners");
        KerasTensor pixels = e.cast(x, DType.FLOAT32);
        Tensor rows = weights(x.shape().dim(1), size.get(0), corners, nearest);
        Tensor columns = weights(x.shape().dim(2), size.get(1), corners, nearest);
        KerasTensor tall = e.op("Einsum", Map.of("subscripts", "ph,bhwc->bpwc"), rows, pixels);
        return e.op("Einsum", Map.of("subscripts", "qw,bpwc->bpqc"), columns, tall);
    }

    private static Tensor weights(int in, int out, boolean corners, boolean nearest) {
        NDArray weights = NDArray.zeros(DType.FLOAT32, Shape.of(out, in));
        boolean between = corners && out > 1;
        float scale = between ? (in - 1) / (float) (out - 1) : in / (float) out;
        for (int i = 0; i < out; i++) {
            float at = i * scale;
            int low = nearest ? (int) (between ? Math.round((double) at) : Math.floor(at)) : (int) Math.floor(at);
            low = Math.min(low, in - 1);
            float part = nearest ? 0 : at - low;
            int high = Math.min(low + 1, in - 1);
            weights.set(i * in + low, 1 - part);
            weights.set(i * in + high, weights.get(i * in + high) + part);
        }
        return Tensor.of(weights);
    }
}
