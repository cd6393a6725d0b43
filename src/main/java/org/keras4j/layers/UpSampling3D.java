package org.keras4j.layers;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/** Repeats each place of {@code [batch, depth, rows, columns, channels]} along the three spatial axes. */
public final class UpSampling3D extends BaseLayer<UpSampling3D> {
    private final int[] size;
    private String dataFormat = ConfigValues.dataFormat(null);

    public UpSampling3D() {
        this(2);
    }

    /** Takes one number, or one for each spatial axis. */
    public UpSampling3D(int... size) {
        this.size = ConfigValues.spread(this, "size", size, 3, 1);
        inputSpec(InputSpec.ofRank(5));
    }

    static UpSampling3D fromConfig(ConfigReader config) {
        int[] size = config.has("size") ? config.ints("size") : new int[] {2};
        return configure(new UpSampling3D(size), config).dataFormat(config.nullableString("data_format"));
    }

    /** Sets where the channels are, "channels_last" or "channels_first"; null for the default. */
    public UpSampling3D dataFormat(@Nullable String dataFormat) {
        requireUnbuilt();
        this.dataFormat = ConfigValues.dataFormat(dataFormat);
        return this;
    }

    @Override
    protected Tensor call(Tensor x, Call call) {
        Tensor y = x;
        int first = dataFormat.equals("channels_first") ? 2 : 1;
        for (int i = 0; i < 3; i++) y = K.repeat(y, size[i], first + i);
        return y;
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("size", ConfigValues.list(size));
        config.put("data_format", dataFormat);
        return config;
    }
}
