package org.keras4j.layers;

import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Variable;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/** Convolution run backwards, which enlarges the spatial axes, with a kernel {@code [space..., filters, channels]}. */
abstract class BaseConvTranspose<L extends BaseConvTranspose<L>> extends ConvLayer<L> {
    private final int filters;
    private int @Nullable [] outputPadding;

    BaseConvTranspose(int spatialAxes, int filters, int[] kernelSize) {
        super(spatialAxes, kernelSize);
        this.filters = requirePositive(className(), "filters", filters);
    }

    /** Sets how many places are added after each spatial axis, less than the stride; null to find out. */
    public L outputPadding(int @Nullable ... outputPadding) {
        requireUnbuilt();
        this.outputPadding = outputPadding == null
                ? null
                : ConfigValues.spread(this, "output_padding", outputPadding, spatialAxes, 0);
        return self();
    }

    final L configureTranspose(ConfigReader config) {
        configureConv(config);
        return outputPadding(config.nullableInts("output_padding"));
    }

    @Override
    final boolean refusesStridesWithDilation() {
        return true;
    }

    @Override
    protected void build(Shape input) {
        if (outputPadding != null)
            for (int i = 0; i < spatialAxes; i++)
                if (outputPadding[i] >= strides[i])
                    throw new IllegalArgumentException("output_padding must be less than strides, got "
                            + Arrays.toString(outputPadding) + " and " + Arrays.toString(strides));
        int channels = fixChannels(input);
        Variable weight = kernel.add(this, Shape.of(kernelSize).concat(Shape.of(filters, channels)));
        addBias(filters);
        kernelWeight(weight);
    }

    @Override
    protected Tensor call(Tensor x, Call call) {
        return finish(K.convTranspose(x, kernel(), strides, padding, outputPadding, dataFormat, dilationRate));
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("filters", filters);
        config.put("kernel_size", ConfigValues.list(kernelSize));
        config.put("strides", ConfigValues.list(strides));
        config.put("padding", padding);
        config.put("output_padding", ConfigValues.nullableList(outputPadding));
        config.put("data_format", dataFormat);
        config.put("dilation_rate", ConfigValues.list(dilationRate));
        putBias(config);
        putParameters(config, kernel, bias);
        return config;
    }
}
