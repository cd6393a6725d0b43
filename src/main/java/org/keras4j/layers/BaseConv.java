package org.keras4j.layers;

import java.util.Map;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Variable;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/** Convolution with a kernel {@code [space..., channels / groups, filters]}. */
abstract class BaseConv<L extends BaseConv<L>> extends ConvLayer<L> {
    private final int filters;
    private int groups = 1;

    BaseConv(int spatialAxes, int filters, int[] kernelSize) {
        super(spatialAxes, kernelSize);
        this.filters = requirePositive(className(), "filters", filters);
    }

    /** Sets into how many groups the channels split, each with filters of its own; 1 if not set. */
    public L groups(int groups) {
        requireUnbuilt();
        requirePositive(className(), "groups", groups);
        if (filters % groups != 0)
            throw new IllegalArgumentException(
                    className() + ": filters must divide evenly into groups, got " + filters + " and " + groups);
        this.groups = groups;
        return self();
    }

    final L configureBaseConv(ConfigReader config) {
        return configureConv(config).groups(config.integer("groups", 1));
    }

    @Override
    final boolean allowsCausal() {
        return spatialAxes == 1;
    }

    @Override
    final boolean refusesStridesWithDilation() {
        return true;
    }

    @Override
    protected void build(Shape input) {
        int channels = fixChannels(input);
        if (channels % groups != 0)
            throw refuse("expected input whose channels divide evenly into " + groups + " groups", input);
        Variable weight = kernel.add(this, Shape.of(kernelSize).concat(Shape.of(channels / groups, filters)));
        addBias(filters);
        kernelWeight(weight);
    }

    @Override
    protected Tensor call(Tensor x, Call call) {
        return finish(K.conv(x, kernel(), strides, padding, dataFormat, dilationRate));
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("filters", filters);
        config.put("kernel_size", ConfigValues.list(kernelSize));
        config.put("strides", ConfigValues.list(strides));
        config.put("padding", padding);
        config.put("data_format", dataFormat);
        config.put("dilation_rate", ConfigValues.list(dilationRate));
        config.put("groups", groups);
        putBias(config);
        putParameters(config, kernel, bias);
        putLora(config);
        return config;
    }
}
