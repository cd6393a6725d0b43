package org.keras4j.layers;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Variable;
import org.keras4j.initializers.Initializers;
import org.keras4j.op.Binary;
import org.keras4j.ops.K;

/**
 * A weight kept as whole numbers of 8 or 4 bits with scales: {@code weight = whole / scale}, or in blocks
 * {@code (whole - zero) * scale}. Two numbers of 4 bits share a byte, the lower half first.
 */
final class QuantizedWeight {
    private final int packedAxis;
    private final int packedSize;
    private final boolean packed;
    final Variable whole;
    final Variable scale;
    final @Nullable Variable zero;

    /**
     * Adds the variables {@code name}, {@code name_scale} and, if {@code zeroType} is given, {@code name_zero}.
     *
     * @param shape the shape of the whole numbers before packing
     * @param packedAxis the axis along which 4-bit numbers share bytes
     */
    QuantizedWeight(
            Layer layer,
            String name,
            Quantization q,
            Shape shape,
            int packedAxis,
            Shape scales,
            @Nullable DType zeroType) {
        this.packed = q.bits() == 4;
        this.packedAxis = shape.axis(packedAxis);
        this.packedSize = shape.dim(packedAxis);
        Shape stored = packed ? shape.with(packedAxis, (packedSize + 1) / 2) : shape;
        whole = add(layer, name, stored, "zeros", DType.INT8);
        scale = add(layer, name + "_scale", scales, "ones", layer.dtypePolicy().variable());
        zero = zeroType == null ? null : add(layer, name + "_zero", scales, "zeros", zeroType);
    }

    private static Variable add(Layer layer, String name, Shape shape, String start, DType dtype) {
        var initializer = Initializers.get(start);
        return layer.addWeight(
                name, shape, o -> o.initializer(initializer).dtype(dtype).trainable(false));
    }

    /** Adds the variable {@code g_idx}: the block of each of {@code rows}. */
    static Variable addBlocks(Layer layer, int rows, int blockSize) {
        Variable blocks = add(layer, "g_idx", Shape.of(rows), "zeros", DType.FLOAT32);
        NDArray values = NDArray.zeros(DType.FLOAT32, Shape.of(rows));
        for (int i = 0; i < rows; i++) values.set(i, i / blockSize);
        blocks.assign(values);
        return blocks;
    }

    /**
     * Takes the values of a matrix.
     *
     * @param isTurned whether {@code matrix} has this weight's rows as columns
     */
    void assign(NDArray matrix, Quantization q, boolean isTurned) {
        Quantizer.Quantized made =
                q.blockSize() == 0 ? Quantizer.byColumn(matrix, q.bits()) : Quantizer.inBlocks(matrix, q.blockSize());
        NDArray wholes = isTurned ? turned(made.wholes()) : made.wholes();
        NDArray stored = packed ? Quantizer.pack(wholes, packedAxis) : wholes;
        whole.assign(stored.reshape(whole.shape()));
        scale.assign(fitted(made.scale(), scale, isTurned));
        if (zero != null) zero.assign(fitted(Objects.requireNonNull(made.zero()), zero, isTurned));
    }

    private static NDArray fitted(NDArray values, Variable to, boolean isTurned) {
        NDArray arranged = isTurned && values.shape().rank() == 2 ? turned(values) : values;
        return arranged.cast(to.dtype()).reshape(to.shape());
    }

    static NDArray turned(NDArray matrix) {
        return K.transpose(Tensor.of(matrix)).value();
    }

    /** Returns the first size of the whole numbers. */
    int rows() {
        return whole.shape().dim(0);
    }

    /** Returns the whole numbers, unpacked. */
    Tensor wholes() {
        return packed ? unpack(whole.value(), packedAxis, packedSize) : whole.value();
    }

    /** Unpacks signed 4-bit numbers along an axis. */
    static Tensor unpack(Tensor bytes, int axis, int size) {
        Tensor wide = K.cast(bytes, DType.INT32);
        Tensor low = Primitives.binary(Binary.SHIFT_LEFT, wide, K.fullLike(wide, 28));
        low = Primitives.binary(Binary.SHIFT_RIGHT, low, K.fullLike(wide, 28));
        Tensor high = Primitives.binary(Binary.SHIFT_RIGHT, wide, K.fullLike(wide, 4));
        int at = bytes.shape().axis(axis);
        Tensor pairs = K.stack(List.of(low, high), at + 1);
        Tensor all = K.reshape(pairs, bytes.shape().with(at, 2 * bytes.shape().dim(at)));
        return Primitives.slice(all, at, 0, size);
    }

    /** Returns {@code (whole - zero) * scale} with the scale and zero of each row's block. */
    static Tensor inBlocks(Tensor wholes, Tensor scales, Tensor zeros, Variable blocks, int axis) {
        Tensor index = K.cast(blocks.value(), DType.INT32);
        Tensor s = K.take(scales, index, axis);
        Tensor z = K.cast(K.take(zeros, index, axis), s.dtype());
        return K.multiply(K.subtract(K.cast(wholes, s.dtype()), z), s);
    }
}
