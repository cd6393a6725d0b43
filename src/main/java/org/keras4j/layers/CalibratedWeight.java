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
import org.keras4j.initializers.Initializers;
import org.keras4j.ops.K;

/**
 * A matrix that was quantized against data, as GPTQ (Frantar et al. 2022) and AWQ (Lin et al. 2023) do: element
 * {@code (whole - zero) * scale}, with a scale and a zero for each column and group of rows; AWQ divides each row by a
 * number of its own. Two numbers of 4 bits or four of 2 share a byte, the lowest bits first.
 */
final class CalibratedWeight {
    private final Shape shape;
    private final int rows;
    private final int columns;
    private final int perByte;
    private final Variable whole;
    private final Variable scale;
    private final Variable zero;
    private final @Nullable Variable rowScale;
    private final Variable groups;

    /** Says whether a policy's quantization is of this kind. */
    static boolean is(@Nullable String mode) {
        return mode != null && (mode.startsWith("gptq/") || mode.startsWith("awq/"));
    }

    /**
     * Adds the variables.
     *
     * @param mode {@code gptq/bits/group} or {@code awq/bits/group}; group -1 is one for all rows
     * @param shape the weight's own shape, which a matrix of {@code rows} becomes
     */
    CalibratedWeight(Layer layer, String mode, Shape shape, int rows, String zeroName) {
        String[] parts = mode.split("/", -1);
        if (parts.length != 3 || !parts[1].matches("[2348]") || !parts[2].matches("-1|[1-9]\\d{0,8}"))
            throw new IllegalArgumentException(
                    "expected a dtype policy such as gptq/4/128 or awq/4/128, got \"" + mode + "\"");
        this.shape = shape;
        this.rows = rows;
        columns = shape.size() / rows;
        perByte = parts[1].equals("4") ? 2 : parts[1].equals("2") ? 4 : 1;
        int group = Integer.parseInt(parts[2]);
        Shape scales = Shape.of(columns, group < 0 ? 1 : Math.ceilDiv(rows, group));
        DType variable = layer.dtypePolicy().variable();
        whole = add(layer, "kernel", Shape.of(Math.ceilDiv(columns, perByte), rows), "zeros", DType.UINT8);
        scale = add(layer, "kernel_scale", scales, "ones", variable);
        zero = add(layer, zeroName, scales, "zeros", DType.UINT8);
        rowScale = parts[0].equals("awq") ? add(layer, "awq_scales", Shape.of(rows), "ones", variable) : null;
        groups = add(layer, "g_idx", Shape.of(rows), "zeros", DType.FLOAT32);
    }

    private static Variable add(Layer layer, String name, Shape shape, String start, DType dtype) {
        return layer.addWeight(
                name,
                shape,
                o -> o.initializer(Initializers.get(start)).dtype(dtype).trainable(false));
    }

    /** Returns the layer's variables in the order in which Keras stores them. */
    Map<String, Variable> stored(@Nullable Variable bias) {
        Map<String, Variable> stored = new LinkedHashMap<>();
        if (bias != null) stored.put("0", bias);
        for (Variable v :
                rowScale == null ? List.of(whole, scale, zero, groups) : List.of(whole, scale, zero, rowScale, groups))
            stored.put(Integer.toString(stored.size()), v);
        return stored;
    }

    /** Returns the weight that the numbers stand for. */
    Tensor value(DType compute) {
        Tensor index = K.cast(groups.value(), DType.INT32);
        Tensor s = K.take(scale.value(), index, -1);
        Tensor z = K.cast(K.take(zero.value(), index, -1), s.dtype());
        Tensor w = K.transpose(K.multiply(K.subtract(K.cast(wholes(), s.dtype()), z), s));
        if (rowScale != null) w = K.divide(w, K.reshape(rowScale.value(), Shape.of(rows, 1)));
        return K.cast(K.reshape(w, shape), compute);
    }

    private Tensor wholes() {
        Tensor bytes = K.cast(whole.value(), DType.INT32);
        if (perByte == 1) return bytes;
        int base = 1 << 8 / perByte;
        List<Tensor> digits = new ArrayList<>();
        for (int i = 0, place = 1; i < perByte; i++, place *= base)
            digits.add(K.mod(K.floorDivide(bytes, place), base));
        Tensor all =
                K.reshape(K.stack(digits, 1), Shape.of(perByte * bytes.shape().dim(0), rows));
        return Primitives.slice(all, 0, 0, columns);
    }
}
