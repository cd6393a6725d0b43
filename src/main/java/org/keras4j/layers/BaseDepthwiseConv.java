package org.keras4j.layers;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Variable;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/** Convolution of each channel with filters of its own: kernel {@code [space..., channels, depthMultiplier]}. */
abstract class BaseDepthwiseConv<L extends BaseDepthwiseConv<L>> extends ConvLayer<L> {
    private final Parameter depthwise = new Parameter("depthwise", "glorot_uniform");
    private int depthMultiplier = 1;
    private @Nullable Variable weight;

    BaseDepthwiseConv(int spatialAxes, int[] kernelSize) {
        super(spatialAxes, kernelSize);
    }

    /** Sets how the depthwise kernel starts: an initializer or its name. */
    public L depthwiseInitializer(Object initializer) {
        requireUnbuilt();
        depthwise.initializer(initializer);
        return self();
    }

    /** Sets the penalty on the depthwise kernel: a regularizer or its name. */
    public L depthwiseRegularizer(@Nullable Object regularizer) {
        requireUnbuilt();
        depthwise.regularizer(regularizer);
        return self();
    }

    /** Sets what the depthwise kernel is held to: a constraint or its name. */
    public L depthwiseConstraint(@Nullable Object constraint) {
        requireUnbuilt();
        depthwise.constraint(constraint);
        return self();
    }

    /** Sets how many filters each channel has; 1 if not set. */
    public L depthMultiplier(int depthMultiplier) {
        requireUnbuilt();
        this.depthMultiplier = requirePositive(className(), "depth_multiplier", depthMultiplier);
        return self();
    }

    final L configureDepthwise(ConfigReader config) {
        configureConv(config);
        depthwise.read(config);
        return depthMultiplier(config.integer("depth_multiplier", 1));
    }

    @Override
    protected void build(Shape input) {
        int channels = fixChannels(input);
        Shape shape = Shape.of(kernelSize).concat(Shape.of(channels, depthMultiplier));
        weight = depthwise.add(this, "kernel", shape, true);
        addBias(channels * depthMultiplier);
    }

    @Override
    protected Tensor call(Tensor x, Call call) {
        Tensor w = Objects.requireNonNull(weight, "built").value();
        return finish(K.depthwiseConv(x, w, strides, padding, dataFormat, dilationRate));
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("depth_multiplier", depthMultiplier);
        config.put("kernel_size", ConfigValues.list(kernelSize));
        config.put("strides", ConfigValues.list(strides));
        config.put("padding", padding);
        config.put("data_format", dataFormat);
        config.put("dilation_rate", ConfigValues.list(dilationRate));
        putBias(config);
        putParameters(config, depthwise, bias);
        return config;
    }
}
