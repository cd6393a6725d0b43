package org.keras4j.layers;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.serialization.ConfigReader;

/** Reduces the spatial axes of {@code [batch, space..., channels]} as a whole. */
abstract class BaseGlobalPooling<L extends BaseGlobalPooling<L>> extends BaseLayer<L> {
    private final int spatialAxes;
    private boolean keepdims;
    private String dataFormat = ConfigValues.dataFormat(null);

    BaseGlobalPooling(int spatialAxes) {
        this.spatialAxes = spatialAxes;
        inputSpec(InputSpec.ofRank(spatialAxes + 2));
    }

    /** Says whether the spatial axes stay as size 1; false if not set. */
    public L keepdims(boolean keepdims) {
        requireUnbuilt();
        this.keepdims = keepdims;
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
        keepdims(config.bool("keepdims", false));
        return dataFormat(config.nullableString("data_format"));
    }

    final boolean keepdims() {
        return keepdims;
    }

    final boolean channelsFirst() {
        return dataFormat.equals("channels_first");
    }

    /** Returns the axes to reduce. */
    final int[] axes() {
        var axes = new int[spatialAxes];
        for (int i = 0; i < spatialAxes; i++) axes[i] = i + (channelsFirst() ? 2 : 1);
        return axes;
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("data_format", dataFormat);
        config.put("keepdims", keepdims);
        return config;
    }
}
