package org.keras4j.layers;

import java.util.Objects;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Variable;
import org.keras4j.ops.K;

/** The product of {@link EinsumDense} with a quantized kernel. */
record QuantizedEinsum(
        Quantization q,
        String input,
        String kernel,
        String output,
        Shape shape,
        QuantizedWeight weight,
        @Nullable Variable blocks) {
    /** Adds the variables; {@code rank} is that of the input. */
    static QuantizedEinsum build(Layer layer, Quantization q, String equation, int rank, Shape shape) {
        String[] sides = equation.replace(" ", "").split(",|->");
        int elided = rank - sides[0].replace("...", "").length();
        String dots = "ZYXWVUTSRQPONMLKJIHGFEDCBA".substring(0, Math.max(0, elided));
        String in = sides[0].replace("...", dots);
        String kernel = sides[1];
        String out = sides[2].replace("...", dots);
        if (q.bits() == 8) {
            Shape scales = along(out, kernel, shape);
            var weight = new QuantizedWeight(layer, "kernel", q, shape, -1, scales, null);
            return new QuantizedEinsum(q, in, kernel, out, shape, weight, null);
        }
        int rows = 1;
        int columns = 1;
        for (int i = 0; i < kernel.length(); i++) {
            if (out.indexOf(kernel.charAt(i)) < 0) rows *= shape.dim(i);
            else columns *= shape.dim(i);
        }
        int block = q.blockSize();
        Shape scales = block == 0 ? Shape.of(columns) : Shape.of(Math.ceilDiv(rows, block), columns);
        DType zero = block == 0 ? null : DType.INT8;
        var weight = new QuantizedWeight(layer, "kernel", q, Shape.of(rows, columns), 1, scales, zero);
        Variable blocks = block == 0 ? null : QuantizedWeight.addBlocks(layer, rows, block);
        return new QuantizedEinsum(q, in, kernel, out, shape, weight, blocks);
    }

    /** Returns the sizes of {@code labels} in the places of {@code output}, 1 where they lack one. */
    private static Shape along(String output, String labels, Shape shape) {
        return Shape.of(output.chars()
                .map(label -> labels.indexOf(label) < 0 ? 1 : shape.dim(labels.indexOf(label)))
                .toArray());
    }

    private static int[] places(String labels, IntPredicate test) {
        return IntStream.range(0, labels.length())
                .filter(i -> test.test(labels.charAt(i)))
                .toArray();
    }

    /** Takes the values of a kernel: 4-bit numbers as a matrix of it, 8-bit ones with scales along the output. */
    void fill(NDArray values) {
        if (q.bits() == 4) {
            Shape matrix = Shape.of(weight.rows(), values.size() / weight.rows());
            weight.assign(values.reshape(matrix), q, false);
            return;
        }
        int[] summed = places(kernel, label -> output.indexOf(label) < 0);
        int[] kept = output.chars()
                .map(label -> kernel.indexOf(label))
                .filter(i -> i >= 0)
                .toArray();
        int[] order = IntStream.concat(IntStream.of(summed), IntStream.of(kept)).toArray();
        int rows = 1;
        for (int i : summed) rows *= shape.dim(i);
        Tensor arranged = K.transpose(Tensor.of(values), order);
        Quantizer.Quantized made =
                Quantizer.byColumn(arranged.value().reshape(Shape.of(rows, values.size() / rows)), q.bits());
        var back = new int[order.length];
        for (int i = 0; i < order.length; i++) back[order[i]] = i;
        Tensor wholes = Tensor.of(made.wholes().reshape(arranged.shape()));
        weight.whole.assign(K.transpose(wholes, back).value());
        weight.scale.assign(made.scale().cast(weight.scale.dtype()).reshape(weight.scale.shape()));
    }

    Tensor apply(Tensor x, DType compute) {
        String equation = input + "," + kernel + "->" + output;
        Tensor factor = kernelFactor(compute);
        boolean scaledAfter = q.bits() == 8;
        if (q.inputRange() == 0 || blocks != null) {
            Tensor y = K.einsum(equation, x, factor);
            return scaledAfter ? K.divide(y, weight.scale.value()) : y;
        }
        Quantization.Rounded rounded = q.round(x, places(input, label -> output.indexOf(label) < 0));
        Tensor y = K.einsum(equation, rounded.values(), factor);
        Tensor scale = alongOutput(rounded.scale());
        return K.divide(y, scaledAfter ? K.multiply(scale, weight.scale.value()) : scale);
    }

    /**
     * Returns the whole numbers of 8 bits, which are scaled after the product, or the weights that 4 bits stand for.
     */
    private Tensor kernelFactor(DType compute) {
        Tensor wholes = weight.wholes();
        if (q.bits() == 8) return K.cast(wholes, compute);
        Tensor matrix = blocks == null
                ? K.divide(K.cast(wholes, compute), weight.scale.value())
                : QuantizedWeight.inBlocks(
                        wholes,
                        weight.scale.value(),
                        Objects.requireNonNull(weight.zero).value(),
                        blocks,
                        0);
        return K.reshape(K.cast(matrix, compute), shape);
    }

    /** Lays the scale of the inputs, whose summed axes have size 1, along the output. */
    private Tensor alongOutput(Tensor scale) {
        var order = new StringBuilder();
        for (char label : output.toCharArray()) if (input.indexOf(label) >= 0) order.append(label);
        Tensor kept = K.squeeze(scale, places(input, label -> output.indexOf(label) < 0));
        String labels = input.chars()
                .filter(label -> output.indexOf(label) >= 0)
                .collect(StringBuilder::new, (b, c) -> b.append((char) c), StringBuilder::append)
                .toString();
        int[] permutation = order.chars().map(labels::indexOf).toArray();
        Tensor arranged = K.transpose(kept, permutation);
        return K.reshape(arranged, along(output, order.toString(), arranged.shape()));
    }
}
