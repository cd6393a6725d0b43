package org.keras4j.layers.legacy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.keras4j.Shape;
import org.keras4j.activations.Activation;
import org.keras4j.activations.Activations;
import org.keras4j.graph.Tensor;
import org.keras4j.layers.Call;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/**
 * A convolution without shared weights: {@code [batch, in.., channels] -> [batch, out.., filters]}.
 *
 * <p>The kernel is {@code [places, patch, filters]}, the bias {@code [out.., filters]}; a patch runs over the window,
 * then over the channels. This is implementation 1 of Keras 2, with padding "valid".
 */
final class LocallyConnected extends LegacyLayer<LocallyConnected> {
    private final String className;
    private final int axes;
    private final int filters;
    private final int[] window;
    private final int[] strides;
    private final boolean useBias;
    private final boolean channelsFirst;
    private final Activation activation;

    private LocallyConnected(ConfigReader config, String className, int axes) {
        super(config);
        this.className = className;
        this.axes = axes;
        filters = config.integer("filters");
        window = sizes(config, "kernel_size");
        strides = config.has("strides") ? sizes(config, "strides") : ones();
        useBias = config.bool("use_bias", true);
        activation = Activations.get(config.get("activation"));
        require(config, "padding", "valid");
        channelsFirst = "channels_first".equals(config.nullableString("data_format"));
        if (config.integer("implementation", 1) != 1)
            throw config.wrong("implementation", "1, the only one that is supported", config.get("implementation"));
    }

    static LocallyConnected oneAxis(ConfigReader config) {
        return new LocallyConnected(config, "LocallyConnected1D", 1);
    }

    static LocallyConnected twoAxes(ConfigReader config) {
        return new LocallyConnected(config, "LocallyConnected2D", 2);
    }

    private int[] sizes(ConfigReader config, String key) {
        int[] given = config.ints(key);
        if (given.length == axes) return given;
        if (given.length != 1) throw config.wrong(key, axes + " numbers", config.get(key));
        int[] all = ones();
        Arrays.fill(all, given[0]);
        return all;
    }

    private int[] ones() {
        var ones = new int[axes];
        Arrays.fill(ones, 1);
        return ones;
    }

    private static void require(ConfigReader config, String key, String only) {
        String value = config.string(key, only);
        if (!value.equals(only)) throw config.wrong(key, "\"" + only + "\", the only one that is supported", value);
    }

    @Override
    public String className() {
        return className;
    }

    @Override
    protected void build(Shape input) {
        int[] out = outputSizes(input);
        int places = 1;
        int patch = knownSize(input, channelsFirst ? 1 : -1);
        for (int i = 0; i < axes; i++) {
            places *= out[i];
            patch *= window[i];
        }
        weight("kernel", places, patch, filters);
        if (useBias) weight("bias", Shape.of(out).concat(Shape.of(filters)).dims());
    }

    private int[] outputSizes(Shape input) {
        var out = new int[axes];
        int first = channelsFirst ? 2 : 1;
        for (int i = 0; i < axes; i++) out[i] = (knownSize(input, first + i) - window[i]) / strides[i] + 1;
        return out;
    }

    @Override
    protected Tensor call(Tensor x, Call call) {
        int[] out = outputSizes(x.shape());
        int places = (int) Shape.of(out).size(0, axes);
        Tensor patches = patches(x, out, places);
        // one matrix product for each place
        Tensor y = K.matmul(K.transpose(patches, 1, 0, 2), ownWeights().get(0).value());
        return activation.call(placed(y, out));
    }

    /** Puts batch and filters in their places and adds the bias: {@code [places, batch, filters]} in. */
    private Tensor placed(Tensor y, int[] out) {
        Shape sizes = Shape.of(out);
        Tensor bias = useBias ? ownWeights().get(1).value() : null;
        if (!channelsFirst) {
            Tensor z = K.reshape(K.transpose(y, 1, 0, 2), sizes.insert(0, -1).concat(Shape.of(filters)));
            return bias == null ? z : K.add(z, bias);
        }
        Shape shape = Shape.of(filters).concat(sizes);
        Tensor z = K.reshape(K.transpose(y, 1, 2, 0), shape.insert(0, -1));
        // Keras reshaped the bias here, where transposing it would have been meant
        return bias == null ? z : K.add(z, K.reshape(bias, shape));
    }

    /** Returns {@code [batch, places, patch]}; with channels first, the channels run before the window. */
    private Tensor patches(Tensor x, int[] out, int places) {
        if (!channelsFirst) {
            Tensor all = K.concatenate(windows(x, out, 0), -1);
            return K.reshape(all, -1, places, all.shape().last());
        }
        List<Tensor> flat = new ArrayList<>();
        int channels = x.shape().dim(1);
        for (Tensor window : windows(x, out, 0)) flat.add(K.reshape(window, -1, channels, 1, places));
        Tensor all = K.concatenate(flat, 2);
        all = K.reshape(all, -1, channels * flat.size(), places);
        return K.transpose(all, 0, 2, 1);
    }

    /** Returns the input at each offset in the window, in row-major order of the offsets. */
    private List<Tensor> windows(Tensor x, int[] out, int axis) {
        if (axis == axes) return List.of(x);
        List<Tensor> all = new ArrayList<>();
        for (int offset = 0; offset < window[axis]; offset++) {
            int end = offset + (out[axis] - 1) * strides[axis] + 1;
            all.addAll(windows(K.slice(x, (channelsFirst ? 2 : 1) + axis, offset, end, strides[axis]), out, axis + 1));
        }
        return all;
    }
}
