package org.keras4j.layers;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Variable;
import org.keras4j.initializers.Constant;
import org.keras4j.initializers.Initializers;
import org.keras4j.ops.K;

/**
 * A matrix of -1, 0 and 1 with one scale. Five rows share a byte: their values plus one are its digits to base 3, the
 * first row the lowest.
 */
final class TernaryWeight {
    private static final int ROWS_PER_BYTE = 5;
    private static final int ALL_ZERO = 121; // the digits 1, 1, 1, 1, 1

    private final int rows;
    final Variable packed;
    final Variable scale;

    /** Adds the variables {@code kernel} and {@code kernel_scale} to the layer, which start as zeros and one. */
    TernaryWeight(Layer layer, int rows, int units) {
        this.rows = rows;
        packed = layer.addWeight(
                "kernel",
                Shape.of(Math.ceilDiv(rows, ROWS_PER_BYTE), units),
                o -> o.initializer(new Constant(ALL_ZERO)).dtype(DType.UINT8).trainable(false));
        scale = layer.addWeight(
                "kernel_scale",
                Shape.of(),
                o -> o.initializer(Initializers.get("ones")).trainable(false));
    }

    /** Returns the variables in the order in which Keras stores them; {@code bias} stands between the two. */
    Map<String, Variable> stored(@Nullable Variable bias) {
        Map<String, Variable> stored = new LinkedHashMap<>();
        stored.put("0", packed);
        if (bias != null) stored.put("1", bias);
        stored.put(Integer.toString(stored.size()), scale);
        return stored;
    }

    /** Returns {@code x . matrix * scale} in the dtype of {@code x}. */
    Tensor product(Tensor x) {
        return K.multiply(K.matmul(x, K.cast(values(), x.dtype())), K.cast(scale.value(), x.dtype()));
    }

    private Tensor values() {
        Tensor codes = K.cast(packed.value(), DType.INT32);
        List<Tensor> digits = new ArrayList<>();
        for (int i = 0, place = 1; i < ROWS_PER_BYTE; i++, place *= 3)
            digits.add(K.subtract(K.mod(K.floorDivide(codes, place), 3), 1));
        Tensor all = K.reshape(
                K.stack(digits, 1),
                Shape.of(ROWS_PER_BYTE * packed.shape().dim(0), packed.shape().dim(1)));
        return Primitives.slice(all, 0, 0, rows);
    }
}
