package org.keras4j.layers;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/** Reduces windows of the spatial axes of {@code [batch, space..., channels]}. */
abstract class BasePooling<L extends BasePooling<L>> extends BaseLayer<L> {
    private final boolean max;
    private final int[] poolSize;
    private int @Nullable [] strides;
    private String padding = "valid";
    private String dataFormat = ConfigValues.dataFormat(null);

    BasePooling(boolean max, int spatialAxes, int[] poolSize) {
        this.max = max;
        this.poolSize = ConfigValues.spread(this, "pool_size", poolSize, spatialAxes, 1);
        inputSpec(InputSpec.ofRank(spatialAxes + 2));
    }

    /** Sets how far the window moves: one number, or one for each spatial axis; null for the pool size. */
    public L strides(int @Nullable ... strides) {
        requireUnbuilt();
        this.strides = strides == null ? null : ConfigValues.spread(this, "strides", strides, poolSize.length, 1);
        return self();
    }

    /** Sets "valid" (only whole windows, if not set) or "same" (windows at the edge too, padding does not count). */
    public L padding(String padding) {
        requireUnbuilt();
        String lower = padding.toLowerCase(Locale.ROOT);
        if (!lower.equals("valid") && !lower.equals("same"))
            throw new IllegalArgumentException(
                    className() + ": padding must be \"valid\" or \"same\", got \"" + padding + "\"");
        this.padding = lower;
        return self();
    }

    /** Sets where the channels are, "channels_last" or "channels_first"; null for the default. */
    public L dataFormat(@Nullable String dataFormat) {
        requireUnbuilt();
        this.dataFormat = ConfigValues.dataFormat(dataFormat);
        return self();
    }

    final L configurePooling(ConfigReader config) {
        configure(this, config);
        strides(config.nullableInts("strides"));
        padding(config.string("padding", "valid"));
        return dataFormat(config.nullableString("data_format"));
    }

    @Override
    protected Tensor call(Tensor x, Call call) {
        return max
                ? K.maxPool(x, poolSize, strides, padding, dataFormat)
                : K.averagePool(x, poolSize, strides, padding, dataFormat);
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("pool_size", ConfigValues.list(poolSize));
        config.put("padding", padding);
        config.put("strides", ConfigValues.list(strides == null ? poolSize : strides));
        config.put("data_format", dataFormat);
        return config;
    }
}
