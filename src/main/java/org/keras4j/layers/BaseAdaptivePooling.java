package org.keras4j.layers;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/** Reduces windows of the spatial axes of {@code [batch, space..., channels]}, chosen to give a certain size. */
abstract class BaseAdaptivePooling<L extends BaseAdaptivePooling<L>> extends BaseLayer<L> {
    private final boolean max;
    private final int[] outputSize;
    private String dataFormat = ConfigValues.dataFormat(null);

    BaseAdaptivePooling(boolean max, int spatialAxes, int[] outputSize) {
        this.max = max;
        this.outputSize = ConfigValues.spread(this, "output_size", outputSize, spatialAxes, 1);
        inputSpec(InputSpec.ofRank(spatialAxes + 2));
    }

    /** Sets where the channels are, "channels_last" or "channels_first"; null for the default. */
    public L dataFormat(@Nullable String dataFormat) {
        requireUnbuilt();
        this.dataFormat = ConfigValues.dataFormat(dataFormat);
        return self();
    }

    final L configurePooling(ConfigReader config) {
        configure(this, config);
        return dataFormat(config.nullableString("data_format"));
    }

    @Override
    protected Tensor call(Tensor x, Call call) {
        return max ? K.adaptiveMaxPool(x, outputSize, dataFormat) : K.adaptiveAveragePool(x, outputSize, dataFormat);
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("output_size", ConfigValues.list(outputSize));
        config.put("data_format", dataFormat);
        return config;
    }
}
