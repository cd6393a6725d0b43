package org.keras4j.layers;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Variable;
import org.keras4j.op.Ints;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/** Convolution of each channel by itself, then a mix of the channels at each place. */
abstract class BaseSeparableConv<L extends BaseSeparableConv<L>> extends ConvLayer<L> {
    private final Parameter depthwise = new Parameter("depthwise", "glorot_uniform");
    private final Parameter pointwise = new Parameter("pointwise", "glorot_uniform");
    private final int filters;
    private int depthMultiplier = 1;
    private @Nullable Variable depthwiseKernel;
    private @Nullable Variable pointwiseKernel;

    BaseSeparableConv(int spatialAxes, int filters, int[] kernelSize) {
        super(spatialAxes, kernelSize);
        this.filters = requirePositive(className(), "filters", filters);
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

    /** Sets how the pointwise kernel starts: an initializer or its name. */
    public L pointwiseInitializer(Object initializer) {
        requireUnbuilt();
        pointwise.initializer(initializer);
        return self();
    }

    /** Sets the penalty on the pointwise kernel: a regularizer or its name. */
    public L pointwiseRegularizer(@Nullable Object regularizer) {
        requireUnbuilt();
        pointwise.regularizer(regularizer);
        return self();
    }

    /** Sets what the pointwise kernel is held to: a constraint or its name. */
    public L pointwiseConstraint(@Nullable Object constraint) {
        requireUnbuilt();
        pointwise.constraint(constraint);
        return self();
    }

    final L configureSeparable(ConfigReader config) {
        configureConv(config);
        depthwise.read(config);
        pointwise.read(config);
        return depthMultiplier(config.integer("depth_multiplier", 1));
    }

    @Override
    protected void build(Shape input) {
        int channels = fixChannels(input);
        int between = channels * depthMultiplier;
        depthwiseKernel = depthwise.add(
                this, "depthwise_kernel", Shape.of(kernelSize).concat(Shape.of(channels, depthMultiplier)), true);
        Shape mix = Shape.of(Ints.repeat(1, spatialAxes).toArray()).concat(Shape.of(between, filters));
        pointwiseKernel = pointwise.add(this, "pointwise_kernel", mix, true);
        addBias(filters);
    }

    @Override
    protected Tensor call(Tensor x, Call call) {
        Tensor d = Objects.requireNonNull(depthwiseKernel, "built").value();
        Tensor p = Objects.requireNonNull(pointwiseKernel, "built").value();
        return finish(K.separableConv(x, d, p, strides, padding, dataFormat, dilationRate));
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("depth_multiplier", depthMultiplier);
        config.put("filters", filters);
        config.put("kernel_size", ConfigValues.list(kernelSize));
        config.put("strides", ConfigValues.list(strides));
        config.put("padding", padding);
        config.put("data_format", dataFormat);
        config.put("dilation_rate", ConfigValues.list(dilationRate));
        putBias(config);
        putParameters(config, depthwise, pointwise, bias);
        return config;
    }
}
