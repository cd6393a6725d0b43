package org.keras4j.layers;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.activations.Activation;
import org.keras4j.activations.Activations;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Variable;
import org.keras4j.initializers.Initializer;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/** The step of the ConvLSTM layers (Shi et al. 2015): an LSTM whose products are convolutions. */
final class ConvLSTMCell extends GatedCell<ConvLSTMCell> {
    private final int rank;
    private final int[] kernelSize;
    private int[] strides;
    private int[] dilationRate;
    private String padding = "valid";
    private String dataFormat = ConfigValues.dataFormat(null);
    private Activation recurrentActivation = Activations.get("sigmoid");
    private boolean unitForgetBias = true;
    private @Nullable Shape input;

    ConvLSTMCell(int rank, int filters, int[] kernelSize) {
        super(filters, 4);
        this.rank = rank;
        this.kernelSize = ConfigValues.spread(this, "kernel_size", kernelSize, rank, 1);
        strides = ones();
        dilationRate = ones();
        perGate(true);
    }

    private int[] ones() {
        var ones = new int[rank];
        Arrays.fill(ones, 1);
        return ones;
    }

    /** Reads the cell's own options, not those that all layers have. */
    static ConvLSTMCell read(int rank, ConfigReader config) {
        var cell = new ConvLSTMCell(rank, config.integer("filters"), config.ints("kernel_size"));
        cell.readOptions(config);
        cell.perGate(true);
        if (config.has("strides")) cell.strides(config.ints("strides"));
        if (config.has("dilation_rate")) cell.dilationRate(config.ints("dilation_rate"));
        cell.padding(config.string("padding", "valid"));
        cell.dataFormat(config.nullableString("data_format"));
        if (config.has("recurrent_activation")) cell.recurrentActivation(config.get("recurrent_activation"));
        cell.unitForgetBias(config.bool("unit_forget_bias", true));
        return cell;
    }

    void strides(int... strides) {
        this.strides = ConfigValues.spread(this, "strides", strides, rank, 1);
    }

    void dilationRate(int... dilationRate) {
        this.dilationRate = ConfigValues.spread(this, "dilation_rate", dilationRate, rank, 1);
    }

    void padding(String padding) {
        if (!padding.equals("valid") && !padding.equals("same"))
            throw new IllegalArgumentException("padding must be \"valid\" or \"same\", got \"" + padding + "\"");
        this.padding = padding;
    }

    void dataFormat(@Nullable String dataFormat) {
        this.dataFormat = ConfigValues.dataFormat(dataFormat);
    }

    void recurrentActivation(@Nullable Object activation) {
        recurrentActivation = Activations.get(activation);
    }

    void unitForgetBias(boolean unitForgetBias) {
        this.unitForgetBias = unitForgetBias;
    }

    private boolean channelsFirst() {
        return dataFormat.equals("channels_first");
    }

    @Override
    public List<?> stateSize() {
        return List.of(units(), units());
    }

    /** Returns zeros of the shape that the input's convolution gives. */
    @Override
    public List<?> getInitialState(int batchSize) {
        if (input == null) throw new IllegalStateException(describe() + " must be built before it has states");
        Tensor x = Primitives.full(0, dtypePolicy().compute(), input.with(0, batchSize));
        Tensor zeros = Primitives.zeros(gate(project(x, false), 0).spec());
        return List.of(zeros, zeros);
    }

    @Override
    protected void build(Shape shape) {
        if (!shape.from(1).isKnown()) throw refuse("expected known spatial sizes and channels", shape);
        if (Arrays.stream(strides).anyMatch(s -> s > 1)
                && Arrays.stream(dilationRate).anyMatch(d -> d > 1))
            throw refuse("strides above 1 do not go with dilation rates above 1", Arrays.toString(strides));
        input = shape;
        int channels = shape.dim(channelsFirst() ? 1 : -1);
        Shape window = Shape.of(kernelSize);
        build(window.concat(Shape.of(channels, 4 * units())), window.concat(Shape.of(units(), 4 * units())));
    }

    @Override
    Variable addBias() {
        Parameter bias = biasParameter();
        Initializer given = bias.initializer();
        if (!unitForgetBias || given == null) return bias.add(this, Shape.of(4 * units()));
        return addWeight(
                "bias",
                Shape.of(4 * units()),
                o -> o.initializer(new ForgetBias(given, units()))
                        .regularizer(bias.regularizer())
                        .constraint(bias.constraint()));
    }

    @Override
    int featureAxis(int axes) {
        return channelsFirst() ? axes - rank - 1 : axes - 1;
    }

    @Override
    int stepAxes() {
        return rank + 2;
    }

    /** x has one step, or all steps before the batch axis. */
    @Override
    Tensor inputProduct(Tensor x, Tensor w) {
        Shape step = x.shape().from(x.rank() - rank - 1);
        Shape rows = x.shape().slice(0, x.rank() - rank - 1);
        Tensor flat = Primitives.reshape(x, Shape.of(rows.size()).concat(step));
        Tensor y = K.conv(flat, w, strides, padding, dataFormat, dilationRate);
        return Primitives.reshape(y, rows.concat(y.shape().from(1)));
    }

    @Override
    Tensor recurrentProduct(Tensor h, Tensor w) {
        return K.conv(h, w, ones(), "same", dataFormat, ones());
    }

    @Override
    Tensor biased(Tensor z, Tensor b) {
        int[] dims = new int[z.rank()];
        Arrays.fill(dims, 1);
        dims[featureAxis(z.rank())] = b.shape().size();
        return K.add(z, Primitives.reshape(b, Shape.of(dims)));
    }

    @Override
    protected Step advance(Tensor projected, List<?> states, boolean training) {
        Tensor z = Primitives.add(projected, recur((Tensor) states.getFirst(), recurrentKernel(), training));
        return LSTMCell.mix(this, z, (Tensor) states.get(1), recurrentActivation);
    }

    @Override
    void putSize(Map<String, Object> config) {
        config.put("filters", units());
        config.put("kernel_size", ConfigValues.list(kernelSize));
        config.put("strides", ConfigValues.list(strides));
        config.put("padding", padding);
        config.put("data_format", dataFormat);
        config.put("dilation_rate", ConfigValues.list(dilationRate));
    }

    @Override
    Map<String, Object> ownOptions() {
        Map<String, Object> own = new LinkedHashMap<>();
        own.put("recurrent_activation", Activations.serialize(recurrentActivation));
        own.put("unit_forget_bias", unitForgetBias);
        return own;
    }
}
