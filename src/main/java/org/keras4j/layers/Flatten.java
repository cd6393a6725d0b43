package org.keras4j.layers;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/** Flattens all axes but the first: {@code [batch, ...] -> [batch, size]}. */
public final class Flatten extends BaseLayer<Flatten> {
    private String dataFormat = ConfigValues.dataFormat(null);

    public Flatten() {
        inputSpec(InputSpec.atLeast(1));
    }

    static Flatten fromConfig(ConfigReader config) {
        return configure(new Flatten(), config).dataFormat(config.nullableString("data_format"));
    }

    /** Sets where the channels are; with "channels_first" they are moved to the end before. Null for the default. */
    public Flatten dataFormat(@Nullable String dataFormat) {
        requireUnbuilt();
        this.dataFormat = ConfigValues.dataFormat(dataFormat);
        return this;
    }

    @Override
    protected Tensor call(Tensor x, Call call) {
        Tensor last = dataFormat.equals("channels_first") && x.rank() > 1 ? K.moveaxis(x, 1, -1) : x;
        int size = Math.toIntExact(x.shape().size(1, x.rank()));
        return K.reshape(last, x.shape().dim(0), size);
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("data_format", dataFormat);
        return config;
    }
}
