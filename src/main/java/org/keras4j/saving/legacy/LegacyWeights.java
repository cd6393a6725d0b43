package org.keras4j.saving.legacy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.graph.Variable;
import org.keras4j.layers.Layer;

/**
 * Brings the weights of one layer in a file of Keras 1 or 2 into the order and layout of Keras 3.
 *
 * <p>Rules after Keras 2.3.1, {@code engine/saving.py}: {@code preprocess_weights_for_loading}.
 */
public final class LegacyWeights {
    private static final Set<String> CONVOLUTIONS = Set.of(
            "Conv1D",
            "Conv2D",
            "Conv3D",
            "Conv1DTranspose",
            "Conv2DTranspose",
            "Conv3DTranspose",
            "ConvLSTM1D",
            "ConvLSTM2D",
            "ConvLSTM3D");
    private static final int LSTM_PARTS = 12;
    private static final int GRU_PARTS = 9;

    /**
     * Who wrote a file.
     *
     * @param keras1 whether it was Keras 1, with other layouts of kernels
     * @param backend who computed: "theano", whose convolutions turn their kernels round, or another; null if unknown
     */
    public record Origin(boolean keras1, @Nullable String backend) {
        /** Keras 1 did not say its backend; channels first was the way of Theano. */
        boolean theano(Layer layer) {
            return backend == null ? keras1 && isChannelsFirst(layer) : backend.equals("theano");
        }
    }

    private LegacyWeights() {}

    /** Returns the variables of a layer in the order of its group in a file: trainable ones first. */
    public static List<Variable> order(Layer layer) {
        List<Variable> order = new ArrayList<>(layer.trainableWeights());
        order.addAll(layer.nonTrainableWeights());
        return order;
    }

    /**
     * Returns the arrays that {@link #order} asks for.
     *
     * @param file who wrote the file
     */
    public static List<NDArray> adapt(Layer layer, List<NDArray> arrays, Origin file) {
        return switch (layer.className()) {
            case "Bidirectional" -> {
                int half = arrays.size() / 2;
                List<NDArray> both = new ArrayList<>(adaptChild(layer, "forward_layer", arrays.subList(0, half), file));
                both.addAll(adaptChild(layer, "backward_layer", arrays.subList(half, arrays.size()), file));
                yield both;
            }
            case "TimeDistributed" -> adaptChild(layer, "layer", arrays, file);
            case "Sequential", "Functional" -> reversedWithin(layer, arrays, file);
            default -> adaptLeaf(layer, arrays, file);
        };
    }

    private static List<NDArray> adaptChild(Layer layer, String attribute, List<NDArray> arrays, Origin file) {
        return layer.children().get(attribute) instanceof Layer child ? adapt(child, arrays, file) : arrays;
    }

    private static List<NDArray> adaptLeaf(Layer layer, List<NDArray> arrays, Origin file) {
        List<NDArray> out = new ArrayList<>(arrays);
        switch (layer.className()) {
            case "LSTM" -> {
                if (out.size() == LSTM_PARTS) out = lstm(out);
                else if (out.size() == 3 && !fits(layer, 2, out.get(2))) out = cudnnLstm(out);
            }
            case "GRU" -> {
                if (out.size() == GRU_PARTS) out = joined(out, new int[] {0, 3, 6});
                else if (out.size() == 3 && !fits(layer, 2, out.get(2))) out = cudnnGru(out);
            }
            case "ConvLSTM2D" -> {
                if (out.size() == LSTM_PARTS) out = lstm(out);
                if (isChannelsFirst(layer)) for (int i = 0; i < 2; i++) out.set(i, kernel(layer, i, out.get(i), file));
            }
            case "Highway" -> out = highway(out);
            default -> {
                if (CONVOLUTIONS.contains(layer.className()) && !out.isEmpty())
                    out.set(0, kernel(layer, 0, out.getFirst(), file));
            }
        }
        if (file.theano(layer) && CONVOLUTIONS.contains(layer.className())) {
            int kernels = layer.className().startsWith("ConvLSTM") ? 2 : 1;
            for (int i = 0; i < kernels && i < out.size(); i++)
                out.set(
                        i,
                        WeightTransforms.reverseFirst(
                                out.get(i), out.get(i).shape().rank() - 2));
        }
        return out;
    }

    /** In a nested model only the kernels turn round; they are found by the variables that they belong to. */
    private static List<NDArray> reversedWithin(Layer model, List<NDArray> arrays, Origin file) {
        List<Variable> order = order(model);
        List<NDArray> out = new ArrayList<>(arrays);
        for (Layer layer : model.flattenLayers()) {
            if (!CONVOLUTIONS.contains(layer.className()) || !file.theano(layer)) continue;
            for (Variable variable : layer.ownWeights()) {
                int at = order.indexOf(variable);
                int rank = variable.shape().rank();
                if (rank > 2
                        && at >= 0
                        && at < out.size()
                        && out.get(at).shape().rank() == rank)
                    out.set(at, WeightTransforms.reverseFirst(out.get(at), rank - 2));
            }
        }
        return out;
    }

    /** Keras 1 keeps the gates apart and in the order i, c, f, o; since then it is i, f, c, o. */
    private static List<NDArray> lstm(List<NDArray> parts) {
        return joined(parts, new int[] {0, 6, 3, 9});
    }

    private static List<NDArray> joined(List<NDArray> parts, int[] gates) {
        List<NDArray> out = new ArrayList<>();
        for (int kind = 0; kind < 3; kind++) {
            List<NDArray> gate = new ArrayList<>();
            for (int at : gates) gate.add(parts.get(at + kind));
            out.add(WeightTransforms.joinLast(gate));
        }
        return out;
    }

    private static List<NDArray> cudnnLstm(List<NDArray> arrays) {
        NDArray bias = arrays.get(2);
        int half = bias.size() / 2;
        NDArray sum = NDArray.zeros(bias.dtype(), Shape.of(half));
        for (int i = 0; i < half; i++) sum.set(i, bias.get(i) + bias.get(half + i));
        return List.of(cudnnKernel(arrays.get(0), 4), cudnnRecurrent(arrays.get(1), 4), sum);
    }

    private static List<NDArray> cudnnGru(List<NDArray> arrays) {
        NDArray bias = arrays.get(2);
        if (bias.shape().rank() != 1 || bias.size() % 2 != 0) return arrays;
        return List.of(
                cudnnKernel(arrays.get(0), 3),
                cudnnRecurrent(arrays.get(1), 3),
                bias.reshape(Shape.of(2, bias.size() / 2)));
    }

    /** Every gate's block holds the transposed kernel in the untransposed shape. */
    private static NDArray cudnnKernel(NDArray kernel, int gates) {
        int rows = kernel.shape().dim(0);
        int units = kernel.shape().dim(1) / gates;
        List<NDArray> blocks = new ArrayList<>();
        for (int gate = 0; gate < gates; gate++) {
            NDArray block = WeightTransforms.lastColumns(kernel, gate * units, (gate + 1) * units);
            blocks.add(WeightTransforms.transpose(block.reshape(Shape.of(units, rows)), 1, 0));
        }
        return WeightTransforms.joinLast(blocks);
    }

    private static NDArray cudnnRecurrent(NDArray kernel, int gates) {
        int units = kernel.shape().dim(1) / gates;
        List<NDArray> blocks = new ArrayList<>();
        for (int gate = 0; gate < gates; gate++)
            blocks.add(WeightTransforms.transpose(
                    WeightTransforms.lastColumns(kernel, gate * units, (gate + 1) * units), 1, 0));
        return WeightTransforms.joinLast(blocks);
    }

    /** Keras up to 1.1 stored W, b, W_carry, b_carry; later files both matrices first. */
    private static List<NDArray> highway(List<NDArray> arrays) {
        boolean alternating = arrays.size() == 4 && arrays.get(1).shape().rank() == 1;
        return alternating ? List.of(arrays.get(0), arrays.get(2), arrays.get(1), arrays.get(3)) : arrays;
    }

    /** Turns a kernel that does not have the shape of today, filters first or in the layout of Keras 1.1. */
    private static NDArray kernel(Layer layer, int index, NDArray kernel, Origin file) {
        if (fits(layer, index, kernel) && !(file.keras1() && isTurned(layer))) return kernel;
        Shape wanted = order(layer).get(index).shape();
        return switch (layer.className()) {
            case "Conv1D" -> conv1d(kernel, wanted);
            case "Conv2D", "ConvLSTM2D" -> ifRank(kernel, 4, 2, 3, 1, 0);
            case "Conv3D" -> ifRank(kernel, 5, 2, 3, 4, 1, 0);
            case "Conv2DTranspose" ->
                isChannelsFirst(layer) ? ifRank(kernel, 4, 2, 3, 0, 1) : ifRank(kernel, 4, 0, 1, 3, 2);
            default -> kernel;
        };
    }

    /** Says whether Keras 1 kept the layer's kernel in another layout, be the shape the same by chance or not. */
    private static boolean isTurned(Layer layer) {
        return isChannelsFirst(layer) || layer.className().equals("Conv2DTranspose");
    }

    private static NDArray conv1d(NDArray kernel, Shape wanted) {
        if (kernel.shape().rank() != 4) return kernel;
        boolean lengthFirst =
                kernel.shape().dim(0) == wanted.dim(0) && kernel.shape().dim(1) == 1;
        NDArray turned = lengthFirst ? kernel : WeightTransforms.transpose(kernel, 2, 3, 1, 0);
        return turned.shape().size() == wanted.size() ? turned.reshape(wanted) : kernel;
    }

    private static NDArray ifRank(NDArray kernel, int rank, int... order) {
        return kernel.shape().rank() == rank ? WeightTransforms.transpose(kernel, order) : kernel;
    }

    private static boolean fits(Layer layer, int index, NDArray array) {
        List<Variable> order = order(layer);
        return index < order.size() && order.get(index).shape().equals(array.shape());
    }

    private static boolean isChannelsFirst(Layer layer) {
        Map<String, Object> config = layer.getConfig();
        return "channels_first".equals(config.get("data_format"));
    }
}
